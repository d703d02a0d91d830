/// Compiled code as the machine runs it.
struct Code {}

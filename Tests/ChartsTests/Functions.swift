#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

func exponential(_ x: Double) -> Double { exp(x) }
func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }

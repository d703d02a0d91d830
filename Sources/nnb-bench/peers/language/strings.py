def run():
    s = ""
    for i in range(300000):
        s += "ab"
    return len(s)

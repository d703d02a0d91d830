def run():
    counts = {}
    for i in range(1000000):
        k = i * 7919 % 1009
        if k in counts:
            counts[k] += 1
        else:
            counts[k] = 1
    return len(counts)

def mandelbrot(size, limit):
    total = 0
    for py in range(size):
        for px in range(size):
            cr, ci = 2.5 * px / size - 2, 2 * py / size - 1
            x = y = 0.0
            n = 0
            while n < limit and x * x + y * y <= 4:
                t = x * x - y * y + cr
                y = 2 * x * y + ci
                x = t
                n += 1
            total += n
    return total

def run():
    return mandelbrot(200, 50)

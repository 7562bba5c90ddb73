/* The hot loop of a choice: n races among k options, with the draws of core/rng.py. */
#include <math.h>
#include <stdint.h>

static uint64_t output(uint64_t seed, uint64_t index)
{
    uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double exponential(uint64_t key, uint64_t a, uint64_t b)
{
    return -log(1.0 - (double)(output(output(key, a), b) >> 11) * 0x1p-53);
}

/* Return the sum over all races of (winner + 1), so that two programs can be compared. */
int64_t races(int64_t n, int64_t k, uint64_t key, const double *utility)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < n; i++) {
        double best = INFINITY;
        int64_t winner = -1;
        for (int64_t j = 0; j < k; j++) {
            double time = exponential(key, (uint64_t)i, ((uint64_t)i << 32) + (uint64_t)j)
                          * exp(-utility[(i + j) % k]);
            if (time < best) {
                best = time;
                winner = j;
            }
        }
        sum += winner + 1;
    }
    return sum;
}

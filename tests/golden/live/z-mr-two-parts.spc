# short runs: each value in sigmas of its own part; 10.2 is nothing for part 17 and far below part 18, part 19 has no target
plan {chart: z-mr, part: live/z-mr-two-parts/part, rules: [1], targets: {17: {centre: 10, sigma: 0.1}, 18: {centre: 20, sigma: 1}}}
parts 17*5 18*5 19*3 17*3
points 10 10.1 9.9 10.2 10 20.5 21 20 16.9 20.1 50 60 50 10 10.1 9.9
expect z 1 at 8..8 side below

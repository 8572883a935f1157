# latencies are judged by their logarithms: 20 ms is nothing beside 10, and 2 ms is
plan {transform: log, rules: [1], baseline: {centre: 10, sigma: 2}}
points 10 17 10 9.5 18.3 10 9 5.4 10
expect i 1 at 4..4 side above
expect i 1 at 7..7 side below

# defectives of a hundred, five times twenty: 11 are within 5 + 3 * 2.18, 12 beyond
plan {chart: np, subgroup: {size: 5}, unitsPerPoint: 20, rules: [1], baseline: {centre: 5}}
points 2 3 1 4 1  2 3 2 4 1  1 1 0 1 1
expect np 1 at 9..9 side above

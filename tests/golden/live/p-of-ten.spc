# shares of ten: with one in ten expected 3 of them are within 0.385, 4 are beyond
plan {chart: p, subgroup: {size: 10}, rules: [1], baseline: {centre: 0.1}}
points 1 1 0 0 0 1 0 0 0 0  0 1 1 0 1 0 0 1 0 0  0*10
expect p 1 at 19..19 side above

# shares that vary three times as much as their sizes explain: 30 of 100 is usual here, 40 is not
plan {chart: p-prime, unitsPerPoint: 100, rules: [1], baseline: {points: 20}}
points 5 15 5 15 5 15 5 15 5 15 5 15 5 15 5 15 5 15 5 15 30 10 40 10
expect p-prime 1 at 22..22 side above

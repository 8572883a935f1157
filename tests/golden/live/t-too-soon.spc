# days between rare events: three hours after the last one is too soon, a month is usual
plan {chart: t, rules: [1], baseline: {centre: 30, sigma: 20}}
points 30 25 41 0.001 28 33
expect t 1 at 3..3 side below

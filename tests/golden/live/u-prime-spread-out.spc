# counts that vary more than their mean says: 30 is usual here, 45 is not
plan {chart: u-prime, rules: [1], baseline: {points: 20}}
points 4 16 4 16 4 16 4 16 4 16 4 16 4 16 4 16 4 16 4 16 30 10 45 10
expect u-prime 1 at 22..22 side above

# the second failure within twenty calls is told of at once; an outage is over with the first full sample after it
plan {chart: p, subgroup: {window: 10s, atLeast: 20, curtailed: true}, rules: [1], baseline: {centre: 0.01}}
points 0*20 1 0*19 0*7 1 0*4 1 0*27 1*10 0*61
expect p 1 at 52..52 side above
expect p 1 at 81..89 side above

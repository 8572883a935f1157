# an automatic plan of means: learnt from twenty means, and means are judged by it
plan {chart: auto, subgroup: {window: 2s}, baseline: {points: 20}}
points 10.8 9.6 10.2 9.2 10.5 9.9 11.1 9.4 10.1 9.7 10.6 8.9 10.3 9.8 10.0 11.4 9.5 10.4 9.1 10.7
points 9.9 10.2 8.6 10.9 9.3 10.1 10.5 9.6 11.0 9.0 10.4 9.8 10.2 11.2 9.5 9.9 10.6 8.8 10.3 9.7
points 8.4 11.6 8.3 11.7 8.5 11.5 18 18 10 10 10
expect i 1 at 47..47 side above

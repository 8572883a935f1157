# an automatic plan learns from forty values, finds nothing in them, and finds a shift of two sigma soon
plan {chart: auto, baseline: {points: 40}}
points 10.8 9.6 10.2 9.2 10.5 9.9 11.1 9.4 10.1 9.7 10.6 8.9 10.3 9.8 10.0 11.4 9.5 10.4 9.1 10.7
points 9.9 10.2 8.6 10.9 9.3 10.1 10.5 9.6 11.0 9.0 10.4 9.8 10.2 11.2 9.5 9.9 10.6 8.8 10.3 9.7
points 10.1 9.6 10.4 13.1 13.4 12.8 13.6 13.0 13.3 10 10
expect ewma limit
expect ewma-fast limit

# nine points below the centre; the signal lasts as long as the run
limits centre 20 sigma 0.5
points 20.1 19.8*9 19.9*2 20.2
expect rule 2 at 9..11 side below span 1..9 context 0..12

# cases between events: one wait far longer than the others
chart g
baseline centre 9
values 8 12 5 9 40
expect g ucl 37.4605 at 0
expect g lcl 0 at 0
expect rule 1 on g at 4

"""How the hub is used: the provider request by request, all else added up; days for a time.

`noting` takes what the provider answered, `reading` tells of it. `using` takes numbers of all other
answers, `use_reading` tells them. `tending` lets go at its age what has one.
"""

"""What the provider gave to whom: single requests and harvests for a time, counts by day for good.

`noting` takes what was answered, `reading` tells of it, `tending` lets it go at its age.
"""

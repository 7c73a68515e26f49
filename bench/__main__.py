"""`make bench`: every bench in turn, each printing one JSON line."""

from __future__ import annotations

from bench import (
    crosswalk,
    day,
    engine,
    harvest,
    ladder,
    many,
    one_page,
    provider,
    schedule,
    search,
    search_beside,
    searches,
)

crosswalk.main()
day.main()
engine.main()
harvest.main()
ladder.main()
many.main()
one_page.main()
provider.main()
schedule.main()
search.main()
search_beside.main()
searches.main()

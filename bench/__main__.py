"""`make bench`: every bench in turn, each printing one JSON line."""

from __future__ import annotations

from bench import crosswalk, harvest, ladder, one_page, provider

crosswalk.main()
harvest.main()
ladder.main()
one_page.main()
provider.main()

"""`make bench`: every bench in turn, each printing one JSON line."""

from __future__ import annotations

from bench import crosswalk, harvest, ladder, many, one_page, provider, searches

crosswalk.main()
harvest.main()
ladder.main()
many.main()
one_page.main()
provider.main()
searches.main()

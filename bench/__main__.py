"""`make bench`: every bench in turn, each printing one JSON line."""

from __future__ import annotations

from bench import crosswalk, harvest, provider

crosswalk.main()
harvest.main()
provider.main()

"""`python -m docs.site [FOLDER]`."""

import sys

from docs.site.build import main

sys.exit(main(sys.argv[1:]))

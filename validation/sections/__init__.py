"""The sections of the report, in its order."""

from collections.abc import Sequence

from validation.comparison import Section
from validation.sections import base_year, grade_c, hindcast, outside

SECTIONS: Sequence[Section] = tuple(m.SECTION for m in (base_year, hindcast, outside, grade_c))

"""Documents of the city bureau and of the east bureau, where the printing room stands empty."""

from app.handling.demo.acts import Assign, Leave, Open
from app.handling.demo.stories import Story
from app.handling.demo.ways import OFFICE, drafted, received, walk
from app.organization import roles
from app.organization.demo import CITY, EAST

_CITY = (
    # a real notice, public since 2017
    Story(CITY, -12.60, -9.80, drafted("downward", "yanan", OFFICE)),
    # the county's request arrives, and is answered
    Story(CITY, -7.52, -7.02, received("county-request", "leader", "unit.head")),
    Story(CITY, -6.70, -3.20, drafted("downward", "city-reply")),
    Story(CITY, -2.80, -0.48, drafted("downward", "city-bulletin", until="leader_sign")),
    Story(
        CITY,
        -0.52,
        -0.20,
        (
            *drafted("parallel", "city-transport", until="office_check"),
            Open("office_check", "office.head"),
        ),
    ),
)

_EAST = (
    Story(EAST, -11.80, -9.30, drafted("parallel", "east-answer")),
    # the only one in the printing room leaves: what comes there stops
    Story(
        EAST,
        -9.20,
        -3.60,
        (
            *drafted("downward", "east-gauge", until="leader_sign"),
            Leave("security.admin", "printing", roles.PRINTING_ROOM),
            *walk((("leader_sign", "leader"),)),
            Open("register_number", "process.admin"),
            Assign("register_number", "process.admin", "secretary", "文印室暂缺人员，由秘书代办。"),
            *walk(
                (
                    ("register_number", "secretary"),
                    ("seal", "seal.keeper"),
                    ("final_check_dispatch", "secretary"),
                )
            ),
        ),
    ),
    Story(EAST, -3.50, -0.42, drafted("downward", "east-pump", until="register_number")),
    Story(EAST, -4.10, -0.22, received("east-clearing", "leader", until="handle")),
)

STORIES = (*_CITY, *_EAST)

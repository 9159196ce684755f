"""The demo's places: a national hub, twelve below it, and the towns where groups meet. Degrees in WGS 84."""

# ruff: noqa: E501  prose

from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """A place with a name and coordinates."""

    name: str
    latitude: float
    longitude: float

    def as_sent(self) -> dict[str, object]:
        """The place as the services accept it."""
        return {"name": self.name, "latitude": self.latitude, "longitude": self.longitude}


@dataclass(frozen=True)
class HubPlan:
    """A hub of the demo, with the towns of its groups and people."""

    slug: str
    name: str
    spot: Spot
    towns: tuple[Spot, ...]


NEWCASTLE = Spot("Newcastle", 54.978, -1.614)
LONDON = Spot("London", 51.51, -0.13)
NATIONAL = HubPlan("national", "National", Spot("United Kingdom", 54.0, -2.5), (LONDON, NEWCASTLE))

REGIONS = (
    HubPlan(
        "north-east",
        "North East",
        Spot("North East", 54.97, -1.61),
        (NEWCASTLE, Spot("Gateshead", 54.953, -1.603), Spot("Durham", 54.777, -1.576)),
    ),
    HubPlan(
        "north-west",
        "North West",
        Spot("North West", 53.48, -2.24),
        (Spot("Manchester", 53.48, -2.242), Spot("Preston", 53.763, -2.703), Spot("Kendal", 54.328, -2.746)),
    ),
    HubPlan(
        "yorkshire-and-the-humber",
        "Yorkshire and the Humber",
        Spot("Yorkshire and the Humber", 53.80, -1.55),
        (Spot("Leeds", 53.801, -1.549), Spot("Hull", 53.744, -0.332), Spot("Barnsley", 53.553, -1.482)),
    ),
    HubPlan(
        "east-midlands",
        "East Midlands",
        Spot("East Midlands", 52.95, -1.15),
        (Spot("Nottingham", 52.954, -1.158), Spot("Derby", 52.922, -1.475), Spot("Lincoln", 53.234, -0.538)),
    ),
    HubPlan(
        "west-midlands",
        "West Midlands",
        Spot("West Midlands", 52.48, -1.90),
        (Spot("Coventry", 52.407, -1.512), Spot("Birmingham", 52.48, -1.903), Spot("Stoke-on-Trent", 53.003, -2.179)),
    ),
    HubPlan(
        "east-of-england",
        "East of England",
        Spot("East of England", 52.21, 0.12),
        (Spot("Cambridge", 52.205, 0.119), Spot("Norwich", 52.63, 1.297), Spot("Ipswich", 52.057, 1.148)),
    ),
    HubPlan(
        "london",
        "London",
        Spot("London", 51.51, -0.13),
        (LONDON, Spot("Lewisham", 51.462, -0.009), Spot("Barking", 51.54, 0.081)),
    ),
    HubPlan(
        "south-east",
        "South East",
        Spot("South East", 51.45, -0.97),
        (Spot("Oxford", 51.752, -1.258), Spot("Reading", 51.454, -0.973), Spot("Hastings", 50.854, 0.573)),
    ),
    HubPlan(
        "south-west",
        "South West",
        Spot("South West", 50.72, -3.53),
        (Spot("Plymouth", 50.375, -4.143), Spot("Exeter", 50.722, -3.534), Spot("Gloucester", 51.864, -2.244)),
    ),
    HubPlan(
        "scotland",
        "Scotland",
        Spot("Scotland", 55.86, -4.25),
        (Spot("Edinburgh", 55.953, -3.188), Spot("Glasgow", 55.861, -4.25), Spot("Dundee", 56.462, -2.971)),
    ),
    HubPlan(
        "wales",
        "Wales",
        Spot("Wales", 51.48, -3.18),
        (Spot("Swansea", 51.621, -3.944), Spot("Cardiff", 51.481, -3.179), Spot("Bangor", 53.228, -4.129)),
    ),
    HubPlan(
        "northern-ireland",
        "Northern Ireland",
        Spot("Northern Ireland", 54.60, -5.93),
        (Spot("Belfast", 54.597, -5.93), Spot("Derry", 54.997, -7.321), Spot("Newry", 54.176, -6.339)),
    ),
)
HUBS = (NATIONAL, *REGIONS)
NOTE = "Invented for the demo community: its people, organisations and events are not real."
SUMMARIES = {
    "national": "Links the regional hubs, hosts the first-Tuesday call, and keeps what the community has learnt together.",
    "north-east": "Commissioners, funders and neighbourhood teams from the Tees to the Tweed who learn in the open.",
    "north-west": "From the lakes to the Mersey: people who stopped counting contacts and started asking what changed.",
    "yorkshire-and-the-humber": "Towns, dales and the estuary; a hub for those who fund small and stay long.",
    "east-midlands": "Councils and charities who share one question a season and meet over it.",
    "west-midlands": "A city region and its neighbours, working out what a place looks like as a system.",
    "east-of-england": "Spread thin over flat country, so we travel to one another and write things down.",
    "london": "Many boroughs, many languages; a hub for work that crosses both.",
    "south-east": "Market towns and the coast: quiet need, long distances, patient partnerships.",
    "south-west": "Where a ten-year alliance without targets began, and where others came to look.",
    "scotland": "Practice learning from the Borders to the islands.",
    "wales": "Dysgu gyda'n gilydd: learning together, in two languages, with future generations in mind.",
    "northern-ireland": "Trust is our theme because we know what its absence costs.",
}

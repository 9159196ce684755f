"""The demo's forty groups: three in each region and four for everybody. Each has its own shared problem."""

# ruff: noqa: E501  one line for each group is easiest to read

# hub, index of the town in the hub, name, domain (the shared problem), themes
GROUPS: tuple[tuple[str, int, str, str, tuple[str, ...]], ...] = (
    ("north-east", 0, "Commissioning Circle Tyneside", "Commissioning that leaves room to learn", ("learning_systems", "trust")),
    ("north-east", 1, "Gateshead Neighbourhood Teams", "Support that follows the person, not the referral form", ("places_as_systems", "co_production")),
    ("north-east", 2, "Durham Funders' Table", "Grant reports that somebody reads", ("data_and_evidence", "trust")),
    ("north-west", 0, "Manchester Multiple Needs Group", "People with five caseworkers and nobody to talk to", ("creating_system_change", "co_production")),
    ("north-west", 1, "Preston Good Work Group", "Jobs programmes that find people jobs they keep", ("collaboration_and_competition", "places_as_systems")),
    ("north-west", 2, "Lakes Rural Isolation Group", "Loneliness at the end of a single-track road", ("places_as_systems", "trust")),
    ("yorkshire-and-the-humber", 0, "Leeds Peer Researchers", "Evidence gathered by those it is about", ("data_and_evidence", "co_production")),
    ("yorkshire-and-the-humber", 1, "Hull Early Years Circle", "Families who meet eleven professionals before school", ("places_as_systems", "creating_system_change")),
    ("yorkshire-and-the-humber", 2, "Barnsley Small Grants Group", "Funding small groups without drowning them", ("trust", "collaboration_and_competition")),
    ("east-midlands", 0, "Nottingham Housing First Learning Set", "Keys first, and what comes after", ("learning_systems", "creating_system_change")),
    ("east-midlands", 1, "Derby Councillors and Officers", "What members may ask for instead of targets", ("leadership_and_culture_change", "trust")),
    ("east-midlands", 2, "Lincoln Carers' Inquiry", "Carers who are thanked and not asked", ("co_production", "learning_systems")),
    ("west-midlands", 0, "Coventry Places as Systems", "A city seen as one system by those inside it", ("places_as_systems", "learning_systems")),
    ("west-midlands", 1, "Birmingham Recovery Partners", "Three providers, one contract and the same people", ("collaboration_and_competition", "trust")),
    ("west-midlands", 2, "Potteries Food Partnership", "Food aid that does not end in a queue", ("creating_system_change", "places_as_systems")),
    ("east-of-england", 0, "Cambridge Measures Workshop", "Measures that teach instead of judge", ("data_and_evidence", "learning_systems")),
    ("east-of-england", 1, "Norwich Youth Voice Group", "Decisions about young people with them in the room", ("co_production", "leadership_and_culture_change")),
    ("east-of-england", 2, "Ipswich Prevention Circle", "Being asked to prove what did not happen", ("data_and_evidence", "creating_system_change")),
    ("london", 0, "London Alliance Contracts Group", "Contracts between equals", ("collaboration_and_competition", "trust")),
    ("london", 1, "Lewisham Community Safety Circle", "Safety as a thing neighbours make", ("places_as_systems", "co_production")),
    ("london", 2, "Barking Newcomers' Welcome", "The first hundred days in a new country", ("co_production", "places_as_systems")),
    ("south-east", 0, "Oxford Learning Partners", "Being useful as a learning partner", ("learning_systems", "data_and_evidence")),
    ("south-east", 1, "Reading Family Support Group", "Families known to everyone and helped by none", ("trust", "creating_system_change")),
    ("south-east", 2, "Hastings Coastal Communities", "Seasonal towns in the off season", ("places_as_systems", "leadership_and_culture_change")),
    ("south-west", 0, "Plymouth Alliance Learning Group", "Ten years of a contract without targets", ("trust", "learning_systems")),
    ("south-west", 1, "Exeter Health and Voluntary Sector", "Social prescribing when the prescription runs out", ("collaboration_and_competition", "places_as_systems")),
    ("south-west", 2, "Gloucester Leaders' Circle", "Leading when one is not in control", ("leadership_and_culture_change", "trust")),
    ("scotland", 0, "Edinburgh Mutual Accountability Group", "Answering to one another, both ways", ("trust", "leadership_and_culture_change")),
    ("scotland", 1, "Glasgow Justice and Recovery", "The week after somebody leaves prison", ("creating_system_change", "co_production")),
    ("scotland", 2, "Dundee Child Poverty Circle", "Money in pockets before services in leaflets", ("places_as_systems", "creating_system_change")),
    ("wales", 0, "Swansea Dementia Friends of Friends", "Living well in the streets one knows", ("places_as_systems", "co_production")),
    ("wales", 1, "Cardiff Commissioners and Providers", "Tendering that does not break what it buys", ("collaboration_and_competition", "trust")),
    ("wales", 2, "Cylch Dysgu Bangor", "Learning together in two languages", ("learning_systems", "co_production")),
    ("northern-ireland", 0, "Belfast Trust Builders", "Working together across old lines", ("trust", "leadership_and_culture_change")),
    ("northern-ireland", 1, "Derry Mental Health Commons", "Waiting lists as a design choice", ("creating_system_change", "data_and_evidence")),
    ("northern-ireland", 2, "Newry Border Families", "Families between two systems", ("places_as_systems", "collaboration_and_competition")),
    ("national", 0, "Funders Who Learn", "Funders learning in public, mistakes included", ("leadership_and_culture_change", "trust")),
    ("national", 0, "Learning Stewards Network", "Looking after the health of a learning system", ("learning_systems", "leadership_and_culture_change")),
    ("national", 1, "Beyond the Dashboard", "What to do with data once nobody is punished by it", ("data_and_evidence", "learning_systems")),
    ("national", 0, "Lived Experience Leaders", "Leading with what one has lived through", ("co_production", "leadership_and_culture_change")),
)  # fmt: skip
PRACTICES = (
    "We meet every six weeks for two hours. One person brings a live case, the rest ask questions before anyone offers "
    "an answer, and we end by writing down what each of us will try.",
    "A learning set of peers: we read one another's notes beforehand, walk while we talk when the weather allows, and "
    "report back on last month's experiment, above all when it failed.",
    "We visit one member's place each quarter and see the work before discussing it. Nobody presents slides.",
    "Monthly on Thursdays, online, forty minutes of stories and twenty of sense-making. What is said may be told, who "
    "said it may not.",
    "We keep one shared log. Whoever is stuck asks the group for a half-day, and gets it.",
    "Twice a year a whole day with everyone in the system we can get into one room; in between, pairs who buddy up.",
)

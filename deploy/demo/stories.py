"""Entries of the demo's log that are written in full, one for each kind of entry or situation."""

# ruff: noqa: E501  prose

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One entry. `hub` and `town` say where it is from; `group` is set when it is for the members of a group."""

    key: str
    kind: str
    title: str
    body: str
    hub: str
    town: int
    system: str
    tried: str | None = None
    happened: str | None = None
    themes: tuple[str, ...] = ()
    audience: str = "community"
    attribution: str = "named"
    group: int | None = None
    event: str | None = None
    days_ago: int = 30


FEATURED = (
    Story(
        key="targets-dropped",
        kind="story",
        title="We dropped the targets, and this is what happened",
        body="I commission support for adults in our borough. For six years our contract for advice and support had nineteen targets, and every quarter I met people I like in order to go through them line by line.\n\nLast April we took all nineteen out. In their place stands one sentence: the provider will learn, with the people it works with, what helps, and tell us each month what it is changing because of it. Our auditors asked who would hold anyone to account. We said: come to the monthly meeting. They came twice.\n\nThe first three months were awful. The team was so used to counting that they went on doing it in secret, in case we changed our minds. In month four a support worker told us that she had closed forty cases a quarter because the form asked for closures, and that half of them came back. Nobody had ever been asked.\n\nA year on they see fewer people for longer. Repeat referrals are down by a third, which I mention because you will ask and not because it was a target. What I did not expect: I like my job again.",
        hub="south-west",
        town=0,
        system="Advice and support for adults",
        tried="Removed all nineteen performance targets from a contract and replaced them with a duty to learn in the open.",
        happened="Three hard months, then the first honest conversation about closures; a year later fewer people come back in crisis.",
        themes=("trust", "data_and_evidence", "leadership_and_culture_change"),
        audience="public",
        days_ago=120,
    ),
    Story(
        key="survey-nobody-could-use",
        kind="mistake",
        title="A survey nobody could use",
        body="We wanted to know what people thought of our drop-in. So we wrote sixty-two questions, had them translated into four languages and gave out tablets at the door.\n\nFour hundred people began. Thirty-one finished. The answers told us that our tea is good. When we asked a few of those who gave up, a man said: you asked me nine times how satisfied I am and not once what happened to me.\n\nIt cost eleven thousand pounds and a good deal of goodwill. I chose the questions. We have since spent the price of biscuits on sitting down with eight people a month and writing a page together.",
        hub="north-east",
        town=1,
        system="Drop-in for people without a home",
        tried="A long survey on tablets, in four languages.",
        happened="Thirty-one complete answers, none of which changed anything.",
        themes=("data_and_evidence", "co_production"),
        attribution="anonymous",
        days_ago=64,
    ),
    Story(
        key="mutual-accountability",
        kind="question",
        title="Has anybody made accountability run both ways?",
        body="Our partnership says that we answer to one another. In practice the ones with the money ask and the ones without answer.\n\nThree funders in our circle have offered to be asked questions in public by the groups they fund, once a year, with somebody neutral in the chair. We would like to do it properly. What did you ask? Who prepared the groups, so that they could dare to? What did you do the year after, when the answer had been no?",
        hub="scotland",
        town=0,
        system="A partnership of funders and charities",
        themes=("trust", "collaboration_and_competition"),
        days_ago=18,
    ),
    Story(
        key="neighbourhood-team",
        kind="vignette",
        title="Thursday, quarter past nine, Bensham",
        body="Three people sit in the café that is also the office. A nurse, a housing officer, and Ray, who was on the other side of the desk until two years ago. On the table: one phone, one notebook, toast.\n\nThe phone rings. A woman's boiler has gone and her benefits have stopped, and she would like to know which of the two departments she should be angry with. Ray says: neither, come and have some toast. The nurse knows her mother. The housing officer rings a man called Stu about the boiler, because he went to school with him.\n\nThere is no form for any of this. At half past ten they write four lines into the notebook, and the fourth is: find out why it stopped, because it is the third this month.",
        hub="north-east",
        town=1,
        system="A neighbourhood team of three agencies",
        themes=("places_as_systems", "trust"),
        days_ago=40,
    ),
    Story(
        key="ten-year-alliance",
        kind="case_study",
        title="Ten years of an alliance contract without targets",
        body="Seven organisations that used to compete, one contract, ten years, no targets. People with homelessness, addiction, and mental ill health had been passed between them for as long as anyone could remember.\n\nThe alliance began with eighteen months of conversations before anything was signed. The commissioners sat in the alliance as members. Decisions needed everybody, so they were slow at first, and then surprisingly quick. The budget was one pot. When the money shrank in the fourth year they decided together where, and nobody went to the newspaper.\n\nWhat carried it: people with lived experience in each decision, not in a panel beside it. A person whose whole job was the health of the system. Meetings that began with a story. What nearly ended it: two changes of leadership in one winter, and a data system that each partner hated in its own way.\n\nWhat we would tell our younger selves: spend longer on the beginning, write less into the contract, and pay people to learn.",
        hub="south-west",
        town=0,
        system="Homelessness, addiction and mental health",
        tried="One alliance contract between seven providers and their commissioners, with a shared budget and no targets.",
        happened="Slow beginnings, shared cuts, and people who are no longer passed from door to door.",
        themes=("trust", "collaboration_and_competition", "creating_system_change"),
        audience="public",
        attribution="organisation",
        days_ago=200,
    ),
    Story(
        key="learning-partner",
        kind="exemplar",
        title="What our learning partner does all week",
        body="People ask what a learning partner is for if she does not evaluate. So we wrote down a week.\n\nMonday: sits in two team meetings, says almost nothing, sends each team three questions. Tuesday: walks with a support worker who is thinking of leaving. Wednesday: brings two teams together because they are having the same quarrel without knowing it. Thursday: reads everything back to the managers in the words it was said in. Friday: writes one page, which belongs to the teams.\n\nShe is paid for by all partners in equal parts, so that she is nobody's. She has never given us a rating. When she was ill for a month we noticed first that we had stopped asking why.",
        hub="west-midlands",
        town=0,
        system="A partnership of nine organisations",
        tried="A learning partner who works inside the partnership for two years and belongs to no single member of it.",
        happened="Teams that notice, sooner, what is not working.",
        themes=("learning_systems", "data_and_evidence"),
        days_ago=85,
    ),
    Story(
        key="guide-first-conversations",
        kind="exemplar",
        title="A guide to first conversations (to be reviewed each March)",
        body="Twelve pages for people who are about to change how they commission and do not know whom to talk to first. It has been used in nine places; each of them has written something in the margin.\n\nThe three pages people photocopy: questions to ask a finance director, what to say when somebody asks for proof, and how to tell a provider that you were wrong. We look at it again each March. If you use it, tell us where it failed.",
        hub="london",
        town=0,
        system="Commissioning",
        themes=("leadership_and_culture_change", "trust"),
        audience="public",
        attribution="organisation",
        days_ago=150,
    ),
    Story(
        key="healthy-system",
        kind="question",
        title="Inquiry: what does a healthy system look like, and how would we know?",
        body="This is our inquiry for the year, open to every hub. We do not want indicators. We want you to think of a moment in the last month when the system you are part of seemed well: people talked, something moved, somebody was not passed on. What did you see? What had made it possible? Would an outsider have noticed?\n\nAnswer with an entry of your own. We will read all of them together at the national conversation.",
        hub="national",
        town=1,
        system="All of them",
        themes=("learning_systems", "creating_system_change"),
        audience="public",
        days_ago=52,
    ),
    Story(
        key="we-competed-again",
        kind="mistake",
        title="We promised not to compete, and then we did",
        body="Four of us had agreed to answer the tender together. Then the deadline moved, the lawyers came in, and I let my board talk me into a bid of our own, just in case.\n\nThe others found out from the portal. Nobody shouted. One of them said that she had told her staff we were different. We won the contract and lost eighteen months.\n\nI do not have a lesson that makes this better. I rang each of them. Two rang back.",
        hub="yorkshire-and-the-humber",
        town=0,
        system="Family support",
        tried="A joint bid, on trust.",
        happened="I broke it.",
        themes=("collaboration_and_competition", "trust"),
        attribution="anonymous",
        days_ago=33,
    ),
    Story(
        key="group-quiet-voices",
        kind="reflection",
        title="Who spoke in our last three meetings",
        body="I kept a tally, for myself. Two of us had more than half of the words, and I was one of them. Next time I will come with a question and then count to twenty before I say anything else. If you see me not doing it, kick the table.",
        hub="north-east",
        town=0,
        system="Our own group",
        themes=("leadership_and_culture_change",),
        audience="group",
        group=0,
        days_ago=9,
    ),
    Story(
        key="note-to-self",
        kind="reflection",
        title="Note to myself before the budget meeting",
        body="They will ask for a number. It is all right to give one, as long as I say what it does not tell. Breathe. Ask what they are afraid of.",
        hub="north-east",
        town=0,
        system="My own work",
        audience="me",
        days_ago=4,
    ),
    Story(
        key="for-my-buddy",
        kind="reflection",
        title="For Tuesday, with my buddy: why I avoid that conversation",
        body="You asked what would happen if I simply said it. I think that he would be relieved. I think that I am the one who is not ready.",
        hub="north-east",
        town=0,
        system="My own work",
        audience="buddy",
        days_ago=6,
    ),
)

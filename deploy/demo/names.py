"""Parts of names for the demo's people, combined at random. None of these people exists."""

# ruff: noqa: E501, SIM905  lists of words

FIRST = (
    "Aaliyah Abena Adele Aidan Aisha Alastair Alun Amara Amina Anjali Anwen Asha Barnaby Beatriz Bethan Bilal Blessing "
    "Bridget Bronwen Callum Carys Catriona Chidi Chloe Ciara Clement Conor Dafydd Daisy Darius Deepa Delroy Dilys "
    "Dominic Dympna Ebony Eilidh Elspeth Emeka Esme Farah Fergus Fiona Florence Gareth Gethin Grace Gwen Hafsa Hamish "
    "Harriet Hugh Idris Imani Iona Irfan Isla Ivor Jamila Jarvis Joan Joyce Kamal Keira Kenji Kirsty Kwame Laila "
    "Leontyne Lorcan Lowri Lucy Magnus Mairead Malik Marcus Maryam Mei Meredith Mohan Morag Nadia Neil Ngozi Niamh "
    "Nigel Nia Olwen Omar Oonagh Orla Padraig Parveen Patience Percy Philippa Priya Rashid Rhian Roisin Rory Rosalind "
    "Ruaridh Ruth Sadia Samira Sanjay Seren Sian Solomon Stella Stuart Tamsin Tariq Tegan Temi Thandi Una Vikram "
    "Winston Yasmin Zainab Zoe"
).split()
LAST = (
    "Abara Adeyemi Ahmed Ainsworth Akhtar Allerton Appiah Arkwright Ashdown Asante Bamford Banerjee Barraclough Beck "
    "Begum Bevan Birtwistle Blenkinsop Bowness Brannigan Burnside Cadwallader Calder Campion Carrick Chowdhury "
    "Coldwell Colquhoun Cragg Dalgleish Dhillon Diallo Dodds Donnelly Drummond Dunmore Eccles Elphick Eze Fairweather "
    "Farquhar Fenwick Ferreira Fothergill Gallagher Garside Gittins Goswami Greenhalgh Gwynne Hadley Hargreaves Hasan "
    "Heslop Hollis Hussain Ibbotson Ingram Iqbal Jagger Jephcott Kaur Kearney Kelleher Kershaw Khatun Kilbride Lamb "
    "Larkin Lennox Llewellyn Lomax Lydgate MacAskill Maguire Malik Mandla Marsden Mbeki McBride Mensah Merrick Mistry "
    "Moffat Mostyn Musgrave Nair Nettleton Nwosu Oakes Obi Ogden Okafor Osei Owusu Pargeter Patel Pemberton Penrose "
    "Prentice Prosser Pugh Quigley Rafferty Rahman Redfern Ridley Robson Sandhu Saunders Shah Sharples Shaw Siddiqui "
    "Sinclair Smallwood Stanhope Sugden Tait Talbot Teasdale Thackeray Threlfall Tregenza Trevelyan Uddin Usher Vaughan "
    "Wadsworth Wainwright Wakefield Weir Whitlock Winstanley Wray Yearwood Yusuf Zaman"
).split()
PRONOUNS = ("she/her", "she/her", "he/him", "he/him", "they/them", None, None)
LANGUAGES = ("cy", "pl", "ur", "bn", "so", "ar", "gd", "ga", "pa", "fr", "bfi")

HEADLINES = {
    "charitable_funder": (
        "Gives grants, and asks only what it will read",
        "Funds small groups for long enough to matter",
        "Moving a trust from reports to conversations",
    ),
    "public_commissioner": (
        "Commissions support for adults, without targets since last spring",
        "Buys services; would rather grow them",
        "Writes contracts that leave room to learn",
    ),
    "delivery_organisation": (
        "Runs a team of twelve who decide for themselves",
        "Works alongside people who are homeless",
        "Leads a charity that stopped saying service user",
    ),
    "public_agency": (
        "Probation, with time for people",
        "Community nurse who convenes on Thursdays",
        "Housing officer and reluctant form designer",
    ),
    "network_body": (
        "Holds the space between two hundred organisations",
        "Finds out who is missing and rings them up",
        "Infrastructure for the voluntary sector, the human kind",
    ),
    "researcher": (
        "Learning partner; evaluates by being there",
        "Studies how measures bend what they measure",
        "Action researcher in neighbourhoods",
    ),
    "lived_experience": (
        "Came through the system, now helps to change it",
        "Expert by experience and an even better cook",
        "Carer, campaigner, member of three boards",
    ),
    "elected_representative": (
        "Councillor for a ward with two rivers",
        "Cabinet member for communities",
        "Listens first; portfolio holder second",
    ),
}
OFFERS = (
    "half an hour on the telephone about outcome contracts",
    "a room for twenty with step-free access",
    "notes from three years of learning sets",
    "facilitation of a first difficult meeting",
    "a place to shadow our neighbourhood team",
    "reading a draft as a critical friend",
    "introductions to commissioners nearby",
    "a template for a one-page learning agreement",
    "stories from peer researchers",
    "help with writing in plain words",
)
SEEKS = (
    "somebody who has ended a payment-by-results contract",
    "funders willing to fund learning time",
    "a learning partner for two years",
    "people with lived experience for a board",
    "examples of shared budgets across agencies",
    "a buddy in another region",
    "how to talk with finance about uncertainty",
    "a mediator for two organisations that compete",
    "evidence that trust saves money, or that it does not",
)
BIOS = (
    "I have worked around {town} for {years} years, first on the front line and then behind a desk, and I miss the "
    "front line. What keeps me here is watching people decide for themselves.",
    "Started as a volunteer in {town}. I ask too many questions and have learnt to leave silences.",
    "I used to believe in dashboards. After {years} years of feeding them I would rather hear a story and check it.",
    "Interested in what happens between organisations. Most of what I know I learnt in {town} from things going wrong.",
    "I look after the boring parts so that others can be brave: budgets, minutes, biscuits. {years} years of it.",
    "Came to this through my own family's story. I speak up about it when it helps somebody, and not otherwise.",
)
INVENTED = "(An invented person of the demo community.)"

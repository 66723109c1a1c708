"""Invented people and companies. Every address ends in `.example`, which can never be delivered to."""

_FIRST = {
    "nl": ("Sanne", "Daan", "Lotte", "Bram", "Femke", "Joris", "Maud", "Thijs", "Noor", "Ruben"),
    "de": ("Anna", "Jürgen", "Katrin", "Lukas", "Sabine", "Björn", "Jörg", "Heike", "Uwe", "Lena"),
    "fr": ("Élodie", "Luc", "Camille", "Rémi", "Chloé", "Benoît", "Inès", "Loïc", "Manon", "Hugo"),
    "en": ("Emma", "Oliver", "Grace", "Jack", "Amelia", "Harry", "Isla", "George", "Ruby", "Noah"),
    "sv": ("Åsa", "Erik", "Linnéa", "Nils", "Maja", "Östen", "Karin", "Johan", "Elsa", "Axel"),
    "pl": ("Agnieszka", "Paweł", "Zofia", "Michał", "Łucja", "Jakub", "Ewa", "Tomasz", "Kinga", "Jan"),
    "ja": ("結衣", "蓮", "陽葵", "湊", "葵", "大翔", "凛", "樹", "芽依", "悠真"),
    "pt": ("Ana", "João", "Beatriz", "Tiago", "Luísa", "Caio", "Clara", "Davi", "Sônia", "Enzo"),
    "da": ("Freja", "Søren", "Ida", "Mads", "Astrid", "Jens", "Signe", "Lars", "Åse", "Emil"),
}
_LAST = {
    "nl": ("de Vries", "Jansen", "van den Berg", "Bakker", "Visser", "Smit", "Mulder", "Bos"),
    "de": ("Müller", "Schmidt", "Groß", "Weber", "Schäfer", "Koch", "Wolf", "Weiß"),
    "fr": ("Dubois", "Lefèvre", "Moreau", "Girard", "Lambert", "François", "Mercier", "Noël"),
    "en": ("Smith", "O'Brien", "Taylor", "Brown", "Wilson", "Evans", "Walker", "Hughes"),
    "sv": ("Andersson", "Åberg", "Nilsson", "Lindström", "Öberg", "Svensson", "Ek", "Holm"),
    "pl": ("Nowak", "Wiśniewska", "Wójcik", "Kowalczyk", "Zieliński", "Król", "Dąbrowski", "Mazur"),
    "ja": ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村"),
    "pt": ("Silva", "Souza", "Araújo", "Gonçalves", "Lima", "Ribeiro", "Conceição", "Alves"),
    "da": ("Nielsen", "Sørensen", "Møller", "Jørgensen", "Olsen", "Kjær", "Holm", "Dahl"),
}
_COMPANY_STEMS = ("nordwerk", "fluxmetal", "polytec", "aquaform", "brightline", "omnifab", "delta-press", "kilnhaus")
_COMPANY_KINDS = ("Industries", "Components", "Packaging", "Foods", "Logistics", "Chemicals", "Robotics", "Energy")
TITLES = ("Plant manager", "Maintenance lead", "Buyer", "Process engineer", "Head of operations", "Controls engineer")


def first_name(person: int, language: str) -> str:
    """The given name of a simulated person."""
    names = _FIRST[language]
    return names[person % len(names)]


def last_name(person: int, language: str) -> str:
    """The family name of a simulated person."""
    names = _LAST[language]
    return names[(person // 7) % len(names)]


def company_name(number: int) -> str:
    """A company's name; now and then with the comma, quotes or line break that break careless CSV readers."""
    stem = _COMPANY_STEMS[number % 8].title()
    kind = _COMPANY_KINDS[(number // 8) % 8]
    if number % 211 == 0:
        return f'{stem} "{kind}", {number}\nplant 2'
    return f"{stem} {kind}, {number}" if number % 17 == 0 else f"{stem} {kind} {number}"


def address(mailbox: int) -> str:
    """The plain spelling of a mailbox, a function of its number alone; some hold an ß, as real names do."""
    stem = "weiß" if mailbox % 150 == 0 else f"p{mailbox % 97}"
    return f"{stem}.{mailbox}@{_COMPANY_STEMS[mailbox % 8]}.example"


def respelt(text: str, way: int) -> str:
    """The same address as another hand typed it: capitals, spaces around, ß written out, or full-width letters."""
    if way % 4 == 0:
        return text.upper()
    if way % 4 == 1:
        return f" {text} "
    if way % 4 == 2:
        return text.replace("p", "P").replace("ß", "ss")
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() and c < "a" else c for c in text)

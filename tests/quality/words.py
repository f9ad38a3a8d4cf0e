"""What the generator says things with: invented people, places and phrases in three languages.

`SHAPES` are sentences of ordinary reports, filled from the lists of the language and from the facts of
the report; `FORMS` are reports of a fixed form, of which every one with other facts is another story.
"""

from __future__ import annotations

LISTS: dict[str, dict[str, list[str]]] = {
    "en": {
        "person": ["Arvid Tonnesk", "Mira Dolcane", "Petar Yolvin", "Salka Brenner", "Igor Fastow", "Lena Quist", "Oskar Velde", "Nadia Koruch", "Tomas Hrelja", "Ines Calder", "Ruben Astaf", "Yana Miloz", "Edvin Karst", "Dora Szel", "Milan Perrig", "Greta Holm", "Kamil Ortev", "Vera Lindau"],
        "place": ["Velmora", "Port Ansel", "Karsk", "Dunvale", "Orlitsa", "Tesk", "Bravna", "Solmark", "Zelin", "Hadrova", "Marrow Bay", "Ustrel", "Kobrin Hill", "Lower Sarn", "Pelagia", "Novi Grad", "Teplin", "Yarrow"],
        "body": ["the transport ministry", "the port authority", "the city council", "the national grid operator", "the audit chamber", "the fisheries agency", "the labour union", "the regional court", "the health inspectorate", "the chamber of commerce", "the water board", "the statistics office"],
        "thing": ["ferry terminal", "northern bridge", "grain store", "power line", "tram depot", "hill dam", "district clinic", "market hall", "railway tunnel", "old airfield", "desalination plant", "fish market", "cable car", "bus garage"],
        "verb": ["reopen", "close", "be sold", "be rebuilt", "be inspected again", "move to new owners", "lose its licence", "get a second entrance", "be handed to the town", "stay under guard", "be renamed"],
        "time": ["before the winter", "within a month", "by the end of spring", "next week", "after the holidays", "in two stages", "without further notice", "over the coming days", "when the river falls", "as early as Sunday"],
        "reason": ["because the foundations are weak", "after a string of complaints", "under a plan agreed last year", "despite protests by fishermen", "for want of spare parts", "as costs keep rising", "at the request of residents", "although money is short", "in line with new safety rules", "since the contractor went bankrupt"],
        "adverb": ["Meanwhile", "In the past", "According to an internal note", "At the same time", "Behind closed doors", "To general surprise", "Late in the evening", "In a separate letter", "On the sidelines of the meeting", "For the first time in years"],
        "act": ["rejected the claim", "asked for more time", "praised the divers", "refused to give details", "published the contract", "called for calm", "set up a working group", "visited the site", "suspended two officials", "doubled the reward", "withdrew the offer", "sent a team of engineers"],
        "month": ["January", "March", "April", "June", "August", "October"],
        "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    },
    "ru": {
        "person": ["Арвид Тоннеск", "Мира Долкане", "Пётр Йолвин", "Салка Бреннер", "Игорь Фастов", "Лена Квист", "Оскар Вельде", "Надия Корух", "Томаш Хреля", "Инес Кальдер", "Рубен Астаф", "Яна Милош", "Эдвин Карст", "Дора Сель", "Милан Перриг", "Грета Хольм", "Камиль Ортев", "Вера Линдау"],
        "place": ["Велмора", "Анселевск", "Карск", "Дунвейл", "Орлица", "Теск", "Бравна", "Сольмарк", "Зелин", "Хадрово", "Усть-Ярр", "Устрель", "Кобрин", "Нижний Сарн", "Пелагия", "Новоград", "Теплин", "Яррово"],
        "body": ["министерство транспорта", "управление порта", "городской совет", "сетевая компания", "счётная палата", "рыболовное агентство", "профсоюз", "областной суд", "санитарная инспекция", "торговая палата", "водоканал", "бюро статистики"],
        "thing": ["паромный причал", "северный мост", "элеватор", "энергоблок", "трамвайный парк", "водосброс", "районный госпиталь", "крытый рынок", "железнодорожный тоннель", "старый аэродром", "опреснитель", "рыбный рынок", "фуникулёр", "автобусный гараж"],
        "verb": ["откроется вновь", "будет закрыт", "будет продан", "построят заново", "проверят ещё раз", "перейдёт к новым владельцам", "лишится лицензии", "получит второй вход", "передадут городу", "останется под охраной", "переименуют"],
        "time": ["до наступления зимы", "в течение месяца", "к концу весны", "на будущей неделе", "после праздников", "в два этапа", "без дополнительного объявления", "в ближайшие дни", "когда спадёт вода", "уже в воскресенье"],
        "reason": ["из-за слабых опор", "после череды жалоб", "по прошлогоднему плану", "несмотря на протесты рыбаков", "за неимением запчастей", "поскольку расходы растут", "по просьбе жителей", "хотя денег не хватает", "в соответствии с новыми правилами", "так как подрядчик разорился"],
        "adverb": ["Тем временем", "Ранее", "Судя по служебной записке", "Одновременно", "За закрытыми дверями", "К общему удивлению", "Поздно вечером", "В отдельном письме", "На полях встречи", "Впервые за долгие годы"],
        "act": ["отвергло эти доводы", "попросило об отсрочке", "похвалило водолазов", "не раскрыло подробностей", "опубликовало договор", "призвало к спокойствию", "создало рабочую группу", "осмотрело площадку", "отстранило двух чиновников", "удвоило награду", "отозвало предложение", "направило бригаду инженеров"],
        "month": ["января", "марта", "апреля", "июня", "августа", "октября"],
        "day": ["понедельник", "вторник", "среду", "четверг", "пятницу"],
    },
    "bg": {
        "person": ["Арвид Тонеск", "Мира Долкане", "Петър Йолвин", "Салка Бренер", "Игор Фастов", "Лена Квист", "Оскар Велде", "Надя Корух", "Томаш Хреля", "Инес Калдер", "Рубен Астаф", "Яна Милош", "Едвин Карст", "Дора Сел", "Милан Периг", "Грета Холм", "Камил Ортев", "Вера Линдау"],
        "place": ["Велмора", "Анселово", "Карск", "Дунвейл", "Орлица", "Теск", "Бравна", "Солмарк", "Зелин", "Хадрово", "Горни Яр", "Устрел", "Кобрин", "Долни Сарн", "Пелагия", "Новоград", "Теплин", "Ярово"],
        "body": ["Министерството на транспорта", "пристанищната управа", "общинският съвет", "мрежовото дружество", "Сметната палата", "агенцията по рибарство", "синдикатът", "окръжният съд", "здравната инспекция", "търговската камара", "водната дирекция", "статистическото бюро"],
        "thing": ["фериботният кей", "северният мост", "силозът", "електропроводът", "трамвайното депо", "язовирът", "районната болница", "покритият пазар", "тунелът", "старото летище", "заводът за обезсоляване", "рибната борса", "лифтът", "автобусният гараж"],
        "verb": ["ще отвори отново", "ще бъде затворен", "ще се продаде", "ще се строи наново", "ще мине нова проверка", "минава към нови собственици", "губи разрешителното си", "получава втори вход", "преминава към общината", "остава под охрана", "ще смени името си"],
        "time": ["преди зимата", "до месец", "към края на пролетта", "другата седмица", "след празниците", "на два етапа", "без ново предупреждение", "в близките дни", "щом реката спадне", "още в неделя"],
        "reason": ["заради слабите основи", "след поредица жалби", "по плана от миналата година", "въпреки протеста на рибарите", "поради липса на части", "тъй като разходите растат", "по молба на жителите", "макар че парите не стигат", "според новите правила", "защото изпълнителят фалира"],
        "adverb": ["Междувременно", "Преди време", "Според вътрешна бележка", "Същевременно", "При закрити врата", "За обща изненада", "Късно вечерта", "В отделно писмо", "В рамките на срещата", "За пръв път от години"],
        "act": ["отхвърли тези доводи", "поиска отсрочка", "похвали водолазите", "отказа подробности", "публикува договора", "призова към спокойствие", "създаде работна група", "огледа площадката", "отстрани двама служители", "удвои наградата", "оттегли офертата", "прати екип инженери"],
        "month": ["януари", "март", "април", "юни", "август", "октомври"],
        "day": ["понеделник", "вторник", "сряда", "четвъртък", "петък"],
    },
}  # fmt: skip

OPENINGS: dict[str, list[str]] = {
    "en": ["The {thing} in {place} will {verb} {time} {reason}, {person} said on {day}.", "{body} said on {day} that the {thing} of {place} should {verb} {time}.", "{person} told reporters in {place} that the {thing} was to {verb} {reason}.", "Work on the {thing} near {place} stopped on {day} after {body} found {n} faults."],
    "ru": ["{thing} в городе {place} {verb} {time} {reason}, сообщает {person}.", "{body} заявляет, что {thing} ({place}) {verb} {time}.", "{person} рассказывает журналистам, почему {thing} в {place} {verb} {reason}.", "Работы на объекте «{thing}» ({place}) прерваны: {body} находит {n} нарушений."],
    "bg": ["{thing} в {place} {verb} {time} {reason}, съобщи {person}.", "{body} обяви, че {thing} край {place} {verb} {time}.", "{person} обясни пред журналисти в {place} защо {thing} {verb} {reason}.", "Работата по обекта „{thing}“ край {place} спря, след като {body} откри {n} слабости."],
}  # fmt: skip

SHAPES: dict[str, list[str]] = {
    "en": ["{adverb} {body} {act} {reason}.", "\"Nobody here expects the {thing} to {verb} {time},\" {person} said.", "The bill has grown to {n} million crowns {reason}.", "{adverb} {person} {act} and left for {other} on {day}.", "About {n} people in {other} depend on it, figures of {body} show.", "A similar {thing} in {other} had to {verb} {reason}.", "{person} expects {n} jobs to go {time} {reason}.", "Engineers counted {m} cracks in {month}, {n} more than a year ago.", "The first stage costs {m} euros a day, which {body} pays {time}.", "Traders in {other} fear losses {reason}.", "{body} owns {q} per cent of the company and {act} in {month}.", "Lorries must take the road through {other} {time}.", "A hearing is set for {d} {month}, {person} added.", "Opponents gathered {m} signatures {time} and {act}."],
    "ru": ["{adverb} {body} {act} {reason}.", "«Никто здесь не ждёт, что {thing} {verb} {time}», — говорит {person}.", "Смета выросла до {n} миллионов крон {reason}.", "{adverb} {person} встречает делегацию в {other}, где {body} {act}.", "От объекта зависят {n} жителей ({other}), следует из данных: {body}.", "Похожий объект, {thing}, в {other} {verb} {reason}.", "{person} ожидает, что {n} рабочих мест исчезнут {time} {reason}.", "Инженеры насчитали {m} трещин в начале {month}, на {n} больше прежнего.", "Первый этап стоит {m} евро в день, платит {body} {time}.", "Торговцы в {other} боятся убытков {reason}.", "{body} владеет {q} процента акций и в середине {month} {act}.", "Грузовики пойдут через {other} {time}.", "Слушание назначено на {d} {month}, добавляет {person}.", "Противники собрали {m} подписей {time}, после чего {body} {act}."],
    "bg": ["{adverb} {body} {act} {reason}.", "„Никой тук не очаква, че {thing} {verb} {time}“, казва {person}.", "Сметата нарасна до {n} милиона крони {reason}.", "{adverb} {person} {act} и в {day} замина за {other}.", "Около {n} души в {other} разчитат на него, сочат данни, които {body} даде.", "Подобен обект, {thing}, в {other} {verb} {reason}.", "{person} очаква {n} съкращения {time} {reason}.", "Инженерите преброиха {m} пукнатини през {month}, с {n} повече отпреди година.", "Първият етап струва {m} евро на ден, плаща ги {body} {time}.", "Търговци от {other} се боят от загуби {reason}.", "{body} държи {q} процента от дружеството и през {month} {act}.", "Камионите минават през {other} {time}.", "Заседанието е на {d} {month}, добави {person}.", "Противниците събраха {m} подписа {time}, а {body} {act}."],
}  # fmt: skip

BACKGROUND: dict[str, list[str]] = {  # paragraphs that many reports of one subject end with
    "en": ["The dispute over the coastal works began four years ago, when three districts asked for a common plan and the parliament in the capital voted it down by a single vote.", "The country has two chambers, a president with few powers and a tradition of coalition cabinets that seldom last a full term."],
    "ru": ["Спор о береговых работах начался четыре года назад, когда три района попросили об общем плане, а парламент в столице отклонил его большинством в один голос.", "В стране двухпалатный парламент, президент с небольшими полномочиями и традиция коалиционных кабинетов, которые редко работают полный срок."],
    "bg": ["Спорът за крайбрежните строежи започна преди четири години, когато три района поискаха общ план, а парламентът в столицата го отхвърли с един глас.", "Страната има двукамарен парламент, президент с малко правомощия и традиция на коалиционни кабинети, които рядко изкарват пълен мандат."],
}  # fmt: skip

# Name of the form -> title and sentences.
FORMS: dict[str, dict[str, list[str]]] = {
    "en": {
        "fx": ["Official exchange rates for {d} {month}", "The central bank set the official rate of the dollar at {n}.{h} crowns for {d} {month}.", "The euro stands at {m}.{mm} crowns, the bank said on its website.", "Official rates serve bookkeeping and customs, and oblige nobody to trade at them."],
        "quake": ["Magnitude {q} earthquake near {place}", "A magnitude {q} earthquake struck {n} kilometres from {place} at {h}:{mm} local time, the seismological institute said.", "The focus lay {m} kilometres below the surface. There are no reports of damage or injuries.", "The region lies on the edge of two plates, and tremors are frequent there."],
        "football": ["{place} beat {other} {g}-{k}", "{place} beat {other} {g}-{k} on {day} in the first division in front of {m} spectators.", "{person} scored in the {h}th minute and {second} made sure of the points in the {mm}th.", "The home side stays in the race for the title with {d} points."],
        "weather": ["Weather in {place} on {day}", "Cloudy with sunny spells in {place} on {day}, the meteorological office said.", "The temperature will reach {d} degrees by day and fall to {k} degrees at night, with wind of {h} metres a second.", "Drivers are advised to be careful on mountain roads."],
        "court": ["Man from {place} sentenced to {k} years", "The regional court sentenced {person} from {place} to {k} years in prison for fraud, its press office said.", "The court found that the accused had taken {m} euros from {n} customers. The sentence can be appealed within 15 days."],
        "call": ["Foreign ministers speak by telephone", "Foreign Minister {person} spoke by telephone with the foreign minister of {place}, {second}, the ministry said.", "They discussed bilateral relations, trade and transit, and the situation in the region.", "The ministers agreed to keep in touch and praised the good political dialogue."],
        "oil": ["Oil prices on {day}", "Brent crude traded at {n}.{mm} dollars a barrel on {day}, up {q} per cent on the day before.", "Light crude for delivery in {month} cost {m}.{h} dollars. Traders are waiting for figures on stocks."],
        "lottery": ["Numbers of the {n}th draw", "In draw {n} of the state lottery the numbers {d}, {h}, {mm}, {k} and {g} were drawn on {day}.", "The jackpot stands at {m} million crowns. The next draw is on {day}."],
        "fire": ["Fire in {place}", "A fire broke out in a house in {place} on {day} night, the fire service said.", "{k} crews fought it for {g} hours. One person, aged {mm}, was taken to hospital. The cause is being looked into.", "The service reminds residents to check heaters and chimneys."],
    },
    "ru": {
        "fx": ["Официальные курсы на {d} {month}", "Центральный банк установил официальный курс доллара на {d} {month} в размере {n},{h} кроны.", "Евро стоит {m},{mm} кроны, говорится на сайте банка.", "Официальные курсы служат для учёта и таможенных целей и не обязывают банк покупать валюту."],
        "quake": ["Землетрясение магнитудой {q} близ {place}", "Землетрясение магнитудой {q} произошло в {n} километрах от населённого пункта {place} в {h}:{mm} по местному времени, сообщил институт сейсмологии.", "Очаг залегал на глубине {m} километров. Сведений о пострадавших и разрушениях нет.", "Район лежит на границе двух плит, толчки здесь часты."],
        "football": ["«{place}» победила «{other}» со счётом {g}:{k}", "«{place}» обыграла «{other}» со счётом {g}:{k} в матче первой лиги при {m} зрителях.", "Голы забили {person} на {h}-й минуте и {second} на {mm}-й.", "Хозяева с {d} очками сохраняют шансы на титул."],
        "weather": ["Погода в {place}", "Облачно с прояснениями ожидается в {place} в {day}, сообщила метеослужба.", "Температура днём {d} градусов, ночью {k} градуса, ветер {h} метров в секунду.", "Водителям советуют быть осторожнее на горных дорогах."],
        "court": ["Житель {place} получил {k} года", "Областной суд приговорил жителя {place} по имени {person} к {k} годам за мошенничество, сообщила пресс-служба.", "Суд установил, что обвиняемый получил {m} евро от {n} клиентов. Приговор можно обжаловать в течение 15 дней."],
        "call": ["Министры поговорили по телефону", "Министр иностранных дел {person} провёл телефонный разговор с коллегой из {place}, которого зовут {second}, сообщили в ведомстве.", "Стороны обсудили двусторонние отношения, торговлю и транзит, положение в регионе.", "Министры договорились поддерживать связь и отметили высокий уровень политического диалога."],
        "oil": ["Цены на нефть", "Нефть Brent торгуется по {n},{mm} доллара за баррель, на {q} процента дороже, чем накануне.", "Лёгкая нефть с поставкой в начале {month} стоит {m},{h} доллара. Участники рынка ждут данных о запасах."],
        "lottery": ["Итоги тиража {n}", "В тираже {n} государственной лотереи выпали числа {d}, {h}, {mm}, {k} и {g}.", "Джекпот составляет {m} миллионов крон. Следующий тираж пройдёт в {day}."],
        "fire": ["Пожар в {place}", "Пожар вспыхнул в жилом доме в {place} в ночь на {day}, сообщила пожарная служба.", "Огонь тушили {k} расчёта в течение {g} часов. Один человек, {mm} лет, доставлен в больницу. Причина выясняется.", "Служба напоминает жителям о проверке печей и дымоходов."],
    },
    "bg": {
        "fx": ["Официални курсове за {d} {month}", "Централната банка обяви официален курс на долара за {d} {month} от {n},{h} крони.", "Еврото е {m},{mm} крони, пише на страницата на банката.", "Официалните курсове служат за отчетност и митници и не задължават никого да търгува по тях."],
        "quake": ["Земетресение с магнитуд {q} край {place}", "Земетресение с магнитуд {q} стана на {n} километра от {place} в {h}:{mm} часа местно време, съобщи институтът.", "Огнището е на дълбочина {m} километра. Няма данни за пострадали и щети.", "Районът лежи на границата на две плочи и трусовете са чести."],
        "football": ["{place} победи {other} с {g}:{k}", "{place} победи {other} с {g}:{k} в мач от първа дивизия пред {m} зрители.", "Головете вкараха {person} в {h}-ата минута и {second} в {mm}-ата.", "Домакините с {d} точки остават в битката за титлата."],
        "weather": ["Времето в {place}", "Облачно с разкъсвания ще бъде в {place} в {day}, съобщиха метеоролозите.", "Температурата ще е {d} градуса през деня и {k} градуса през нощта, с вятър от {h} метра в секунда.", "Шофьорите да внимават по планинските пътища."],
        "court": ["Мъж от {place} осъден на {k} години", "Окръжният съд осъди {person} от {place} на {k} години затвор за измама, съобщи пресслужбата.", "Съдът установи, че подсъдимият е взел {m} евро от {n} клиенти. Присъдата може да се обжалва в срок от 15 дни."],
        "call": ["Министрите разговаряха по телефона", "Външният министър {person} разговаря по телефона с колегата си от {place} {second}, съобщиха от ведомството.", "Те обсъдиха двустранните отношения, търговията, транзита и положението в региона.", "Двамата се разбраха да поддържат връзка и отбелязаха добрия политически диалог."],
        "oil": ["Цените на петрола", "Петролът сорт Брент се търгува по {n},{mm} долара за барел, с {q} процента нагоре спрямо предния ден.", "Лекият суров петрол с доставка през {month} струва {m},{h} долара. Търговците чакат данни за запасите."],
        "lottery": ["Числата от тираж {n}", "В тираж {n} на държавната лотария се паднаха числата {d}, {h}, {mm}, {k} и {g}.", "Джакпотът е {m} милиона крони. Следващият тираж е в {day}."],
        "fire": ["Пожар в {place}", "Пожар избухна в къща в {place} в нощта срещу {day}, съобщи пожарната.", "{k} екипа гасиха пламъците {g} часа. Един човек на {mm} години е в болница. Причината се изяснява.", "Службата напомня на жителите да проверят печките и комините."],
    },
}  # fmt: skip

# Briefs of which a part changes from one to the next: names, numbers, places, weekdays.
BRIEFS: dict[str, list[str]] = {
    "en": ["{person}, head of {body}, will visit {place} on {day} to open the new {thing}, the press office said.", "Prime Minister {person} received the ambassador of {place}, {second}, who presented credentials on {day}.", "Police in {place} detained {n} people during a protest on {day} over the sale of the {thing}, spokeswoman {person} said.", "The port of {place} handled {n} thousand tonnes of grain in {month}, which is {q} per cent more than a year earlier.", "{person} won the {place} marathon on {day} in 2 hours {h} minutes, {mm} seconds ahead of {second}.", "The airline will fly between {place} and {other} {k} times a week from {d} {month}, {body} said."],
    "ru": ["{person} посетит {place} в {day} и откроет новый объект ({thing}), сообщила пресс-служба.", "Премьер-министр {person} принял посла страны {place}, которого зовут {second}; верительные грамоты вручены в {day}.", "Полиция города {place} задержала {n} человек на митинге в {day}, сообщила представитель ведомства {person}.", "Порт {place} перевалил {n} тысяч тонн зерна, что на {q} процента больше, чем годом ранее.", "{person} выиграл марафон в {place} с результатом 2 часа {h} минут, опередив на {mm} секунд соперника по имени {second}.", "Самолёты между {place} и {other} с {d} {month} будут летать {k} раза в неделю, сообщает {body}."],
    "bg": ["{person} ще посети {place} в {day}, за да открие обекта „{thing}“, съобщиха от пресслужбата.", "Премиерът {person} прие посланика на {place} {second}, който връчи акредитивните си писма в {day}.", "Полицията в {place} задържа {n} души на протест в {day}, каза говорителят {person}.", "Пристанище {place} обработи {n} хиляди тона зърно през {month}, с {q} процента повече от предходната година.", "{person} спечели маратона на {place} за 2 часа и {h} минути, на {mm} секунди пред {second}.", "Самолетите между {place} и {other} от {d} {month} ще летят {k} пъти седмично, съобщи {body}."],
}  # fmt: skip

DATELINES: dict[str, list[str]] = {
    "en": ["{PLACE}, {month} {d} (Norvest) - ", "{PLACE}. {month} {d}. NORVEST – ", "{place} (Sudpress) — "],
    "ru": ["{PLACE}, {d} {month} (Севервест) – ", "{PLACE}. {d} {month}. СЕВЕРВЕСТ – ", "{PLACE}. ЮГПРЕСС – "],
    "bg": ["{place}, {d} {month} (Севервест) ", "{PLACE}, {d} {month} /Югпрес/ – ", "{place}, {d} {month} (Югпрес) – "],
}  # fmt: skip
CREDITS = {
    "en": ["Reporting by {person}; editing by {second}", "(Norvest)", "This report is distributed by agreement between Norvest and Sudpress."],
    "ru": ["Автор: {person}", "/Севервест/", "Распространяется по соглашению между Севервестом и Югпрессом."],
    "bg": ["/ВЛ/", "(Севервест)", "Разпространява се по споразумение между Севервест и Югпрес."],
}  # fmt: skip
FOOTERS = {
    "en": ["Read more: what else happened today", "Follow us on Telegram", "Subscribe to our newsletter to stay ahead"],
    "ru": ["Читайте также: что ещё случилось сегодня", "Подписывайтесь на наш канал", "Фото: архив редакции"],
    "bg": ["Прочетете още новини за деня", "Последвайте ни", "Снимка: архив"],
}  # fmt: skip
RESTYLED = {
    "en": [(" million ", " mln "), (" per cent", "%"), (" kilometres", " km"), ('"', "'"), (" said", " stated"), ("About ", "Some "), (" euros", " EUR")],
    "ru": [(" миллионов ", " млн "), (" процента", "%"), (" километрах", " км"), ("«", "\""), ("»", "\""), ("сообщил", "проинформировал"), ("ё", "е"), (" тысяч ", " тыс. ")],
    "bg": [(" милиона ", " млн "), (" процента", "%"), (" километра", " км"), ("„", "\""), ("“", "\""), ("съобщи", "обяви"), (" хиляди ", " хил. ")],
}  # fmt: skip
INTROS = {
    "en": ["Here is what we know so far about a matter that has occupied the whole {place} coast for weeks.", "{other} and its neighbours are following events closely, our correspondent writes from {place}."],
    "ru": ["Рассказываем, что известно о деле, которое неделями занимает всё побережье ({place}).", "{other} и соседи внимательно следят за событиями, пишет наш корреспондент из города {place}."],
    "bg": ["Ето какво се знае досега за случая, който от седмици занимава целия край около {place}.", "{other} и съседите следят отблизо събитията, пише кореспондентът ни от {place}."],
}  # fmt: skip
HEADLINES = {
    "en": ["{place}: decision on {thing}", "What is known about the {thing} in {place}", "{person} speaks out"],
    "ru": ["{place}: решение принято", "Что известно: {thing}, {place}", "{person} высказывает мнение"],
    "bg": ["{place}: решението е взето", "Какво се знае за обекта: {thing}", "{person} с изявление"],
}  # fmt: skip

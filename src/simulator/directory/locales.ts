/*
 * Generated names and places, by country. A name outside the Latin script has its spelling for
 * e-mail addresses after a slash. The names are common ones and mean no real person.
 */

export interface Name {
  readonly native: string;
  /** The spelling in an e-mail address: a-z only. */
  readonly latin: string;
}

interface Place {
  readonly locality: string;
  readonly region: string;
  readonly postalCode: string;
}

export interface Locale {
  readonly country: string;
  readonly dialling: string;
  readonly streets: readonly string[];
  readonly places: readonly Place[];
  readonly given: readonly Name[];
  readonly family: readonly Name[];
  /** Whether the family name comes first in the display name, and without a space. */
  readonly familyFirst: boolean;
}

/** Lists are separated by commas; places are `locality, region, postal code`, separated by `;`. */
type LocaleText = Readonly<Record<Exclude<keyof Locale, 'familyFirst'>, string>> &
  Partial<Pick<Locale, 'familyFirst'>>;

const texts: readonly LocaleText[] = [
  {
    country: 'US',
    dialling: '+1 303 555',
    streets: 'Main Street,Pearl Street,Canyon Boulevard,Walnut Street',
    places: 'Boulder,CO,80302;Austin,TX,78701;Portland,OR,97205',
    given: 'James,Mary,Robert,Patricia,Michael,Linda,Jamal,Emily,Tyrone,Ashley,Hunter,Grace',
    family: 'Smith,Johnson,Williams,Brown,Davis,Miller,Wilson,Anderson,Washington,Jackson',
  },
  {
    country: 'IE',
    dialling: '+353 1 555',
    streets: 'Grafton Street,Dame Street,Patrick Street',
    places: 'Dublin,Leinster,D02 X285;Cork,Munster,T12 W8KP',
    given: 'Seán,Aoife,Niamh,Pádraig,Siobhán,Oisín,Róisín,Cormac',
    family: "O'Brien,O'Sullivan,O'Connor,Murphy,Ní Dhomhnaill,Byrne,D'Arcy,McCarthy",
  },
  {
    country: 'DE',
    dialling: '+49 30 555',
    streets: 'Müllerstraße,Schönhauser Allee,Große Hamburger Straße,Am Köllnischen Park',
    places: 'Berlin,Berlin,10115;München,Bayern,80331;Köln,Nordrhein-Westfalen,50667',
    given: 'Jörg,Käthe,Lukas,Anja,Jürgen,Sophie,Björn,Heike,Matthias,Zoë',
    family: 'Müller,Schröder,Weiß,Köhler,Fischer,Groß,von der Heide,Jäger,Schäfer,Krüger',
  },
  {
    country: 'FR',
    dialling: '+33 1 55 55',
    streets: 'Rue de l’Église,Avenue des Champs,Boulevard Voltaire',
    places: 'Paris,Île-de-France,75011;Lyon,Auvergne-Rhône-Alpes,69002',
    given: 'François,Chloé,Jérôme,Hélène,Noël,Gaëlle,Jean-Luc,Anne-Sophie,Théo,Maëlys',
    family: 'Lefèvre,Dupont,Château,Garçon,De La Tour,Moreau,L’Hôte,Béranger',
  },
  {
    country: 'ES',
    dialling: '+34 91 555',
    streets: 'Calle Mayor,Paseo de la Castellana,Calle Núñez de Balboa',
    places: 'Madrid,Madrid,28013;A Coruña,Galicia,15001;Logroño,La Rioja,26001',
    given: 'José,María,Iñigo,Begoña,Ángel,Lucía,Andrés,Pilar,Martín,Inés',
    family: 'García Márquez,Núñez,Ibáñez,Muñoz,Fernández,Peña Ruiz,Sánchez,Ordóñez',
  },
  {
    country: 'BR',
    dialling: '+55 11 5555',
    streets: 'Avenida Paulista,Rua São João,Rua da Consolação',
    places: 'São Paulo,SP,01310-100;Florianópolis,SC,88010-000',
    given: 'João,Conceição,Antônio,Luíza,Thiago,Júlia,Sebastião,Inês',
    family: 'da Silva,dos Santos,Gonçalves,Araújo,Simões,Magalhães,Conceição,Leitão',
  },
  {
    country: 'PL',
    dialling: '+48 22 555',
    streets: 'ul. Marszałkowska,ul. Świętokrzyska,ul. Łąkowa',
    places: 'Warszawa,Mazowieckie,00-001;Łódź,Łódzkie,90-001',
    given: 'Łukasz,Małgorzata,Grzegorz,Żaneta,Stanisław,Bożena,Paweł,Zofia',
    family: 'Kowalska,Wiśniewski,Wójcik,Dąbrowska,Żółć,Brzęczyszczykiewicz,Łęcki',
  },
  {
    country: 'SE',
    dialling: '+46 8 555',
    streets: 'Drottninggatan,Åsögatan,Östermalmstorg',
    places: 'Stockholm,Stockholms län,111 20;Malmö,Skåne,211 22;Århus,Midtjylland,8000',
    given: 'Åsa,Björn,Märta,Göran,Søren,Øyvind,Ása,Þór',
    family: 'Ångström,Sjöberg,Öberg,Bjørnsen,Kjærgaard,Guðmundsdóttir,Lindström',
  },
  {
    country: 'TR',
    dialling: '+90 212 555',
    streets: 'İstiklal Caddesi,Bağdat Caddesi,Şehit Sokak',
    places: 'İstanbul,Marmara,34433;Eskişehir,İç Anadolu,26010',
    given: 'İbrahim,Ayşe,Çağlar,Gülşen,Işıl,Ömer,Şebnem,Uğur',
    family: 'Yılmaz,Çelik,Şahin,Öztürk,Aydın,Güneş,Işık,Doğan',
  },
  {
    country: 'VN',
    dialling: '+84 28 5555',
    streets: 'Đường Lê Lợi,Đường Nguyễn Huệ,Phố Hàng Gai',
    places: 'Hà Nội,Hà Nội,100000;Đà Nẵng,Đà Nẵng,550000',
    given: 'Thị Hồng,Văn Đức,Minh Châu,Quốc Bảo,Thùy Dương,Ngọc Ánh',
    family: 'Nguyễn,Trần,Lê,Phạm,Đặng,Huỳnh',
  },
  {
    country: 'UA',
    dialling: '+380 44 555',
    streets: 'вулиця Хрещатик,проспект Перемоги,вулиця Їжакевича',
    places: 'Київ,Київ,01001;Львів,Львівська область,79000',
    given: 'Олена/olena,Андрій/andrii,Юлія/yuliia,Їржи/yirzhy,Тарас/taras,Ганна/hanna',
    family:
      'Шевченко/shevchenko,Коваленко/kovalenko,Бондар/bondar,Лисенко/lysenko,Ґжицька/gzhytska',
  },
  {
    country: 'BG',
    dialling: '+359 2 555',
    streets: 'бул. Витоша,ул. Граф Игнатиев',
    places: 'София,София-град,1000;Пловдив,Пловдив,4000',
    given: 'Георги/georgi,Мария/maria,Димитър/dimitar,Цветелина/tsvetelina,Ивайло/ivaylo',
    family: 'Иванова/ivanova,Петров/petrov,Стоянов/stoyanov,Желязкова/zhelyazkova',
  },
  {
    country: 'GR',
    dialling: '+30 21 0555',
    streets: 'Οδός Ερμού,Λεωφόρος Κηφισίας,Οδός Αθηνάς',
    places: 'Αθήνα,Αττική,105 57;Θεσσαλονίκη,Μακεδονία,546 24',
    given: 'Γιώργος/giorgos,Ελένη/eleni,Νίκος/nikos,Αικατερίνη/aikaterini,Σπύρος/spyros',
    family: 'Παπαδόπουλος/papadopoulos,Οικονόμου/oikonomou,Γεωργίου/georgiou,Βασιλείου/vasileiou',
  },
  {
    country: 'EG',
    dialling: '+20 2 5555',
    streets: 'شارع التحرير,شارع طلعت حرب',
    places: 'القاهرة,القاهرة,11511;الإسكندرية,الإسكندرية,21500',
    given: 'محمد/mohamed,فاطمة/fatima,أحمد/ahmed,عائشة/aisha,يوسف/youssef,نور/nour',
    family: 'حسن/hassan,عبد الرحمن/abdelrahman,السيد/elsayed,المصري/elmasry,إبراهيم/ibrahim',
  },
  {
    country: 'IL',
    dialling: '+972 3 555',
    streets: 'רחוב דיזנגוף,שדרות רוטשילד',
    places: 'תל אביב,תל אביב,6100000;חיפה,חיפה,3100000',
    given: 'נועה/noa,יוסף/yosef,תמר/tamar,אריאל/ariel,מיכל/michal',
    family: 'כהן/cohen,לוי/levi,מזרחי/mizrahi,בן־דוד/bendavid,פרץ/peretz',
  },
  {
    country: 'IN',
    dialling: '+91 22 5555',
    streets: 'महात्मा गांधी मार्ग,लिंकिंग रोड',
    places: 'मुंबई,महाराष्ट्र,400001;दिल्ली,दिल्ली,110001',
    given: 'आरव/aarav,प्रिया/priya,अनन्या/ananya,रोहन/rohan,कृष्णा/krishna,दीपिका/deepika',
    family: 'शर्मा/sharma,पटेल/patel,गुप्ता/gupta,चतुर्वेदी/chaturvedi,जोशी/joshi',
  },
  {
    country: 'IN',
    dialling: '+91 44 5555',
    streets: 'அண்ணா சாலை,உஸ்மான் சாலை',
    places: 'சென்னை,தமிழ்நாடு,600001;மதுரை,தமிழ்நாடு,625001',
    given: 'கார்த்திக்/karthik,லட்சுமி/lakshmi,அருண்/arun,மீனாட்சி/meenakshi,செல்வி/selvi',
    family: 'சுப்பிரமணியன்/subramanian,முருகன்/murugan,ராமசாமி/ramasamy,கண்ணன்/kannan',
  },
  {
    country: 'TH',
    dialling: '+66 2 555',
    streets: 'ถนนสุขุมวิท,ถนนสีลม',
    places: 'กรุงเทพมหานคร,กรุงเทพมหานคร,10110;เชียงใหม่,เชียงใหม่,50000',
    given: 'สมชาย/somchai,กัญญา/kanya,ณัฐพงษ์/natthaphong,พิมพ์ชนก/pimchanok',
    family: 'ศรีสุวรรณ/srisuwan,จันทร์เพ็ญ/chanphen,วงศ์สวัสดิ์/wongsawat',
  },
  {
    country: 'CN',
    dialling: '+86 10 5555',
    streets: '长安街,南京路,中山路',
    places: '北京市,北京市,100000;上海市,上海市,200000',
    given: '伟/wei,秀英/xiuying,娜/na,子轩/zixuan,浩然/haoran,雨欣/yuxin',
    family: '王/wang,李/li,张/zhang,欧阳/ouyang,司马/sima,刘/liu',
    familyFirst: true,
  },
  {
    country: 'JP',
    dialling: '+81 3 5555',
    streets: '千代田,道玄坂,北浜',
    places: '東京都,関東,100-0001;大阪市,大阪府,530-0001',
    given: '陽菜/hina,蓮/ren,さくら/sakura,健太/kenta,ジョン/jon,美咲/misaki',
    family: '佐藤/sato,鈴木/suzuki,髙橋/takahashi,渡邉/watanabe,山﨑/yamazaki',
    familyFirst: true,
  },
  {
    country: 'KR',
    dialling: '+82 2 555',
    streets: '세종대로,테헤란로,종로',
    places: '서울특별시,서울,04524;부산광역시,부산,47545',
    given: '민준/minjun,서연/seoyeon,지후/jihoo,하은/haeun,도윤/doyun',
    family: '김/kim,이/lee,박/park,남궁/namgung,최/choi',
    familyFirst: true,
  },
];

const lettersWithoutMarks: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** A Latin name as an e-mail address spells it: without marks, apostrophes and spaces. */
export function toAddressPart(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[ßæøłđðþı]/g, (letter) => lettersWithoutMarks[letter] ?? '')
    .replace(/[^a-z0-9-]/g, '');
}

function toName(text: string): Name {
  const [native = '', latin] = text.split('/');
  return { native, latin: latin ?? toAddressPart(native) };
}

function toPlace(text: string): Place {
  const [locality = '', region = '', postalCode = ''] = text.split(',');
  return { locality, region, postalCode };
}

export const locales: readonly Locale[] = texts.map(({ familyFirst = false, ...text }) => ({
  ...text,
  streets: text.streets.split(','),
  places: text.places.split(';').map(toPlace),
  given: text.given.split(',').map(toName),
  family: text.family.split(',').map(toName),
  familyFirst,
}));

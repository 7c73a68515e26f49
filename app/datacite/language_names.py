"""The names of languages, in their own and in the large languages, as a table.

A line is `code: name; name`; an indented line goes on. Names are compared without case and
accents. A name that two lines share belongs to the first. The rules are in `languages.py`.
"""

from __future__ import annotations

NAMES = """
    aa: Qafar; Afar
    ab: Аԥсшәа; Abkhazian; Abchasisch; abkhaze; abjasio; abcaso; abcázio
    ae: Avestan; Avestisch; avestique; avéstico
    af: Afrikaans; afrikáans; africâner
    ak: Akan
    am: አማርኛ; Amharic; Amharisch; amharique; amárico; amarico
    an: aragonés; Aragonese; Aragonesisch; aragonais; aragonês
    ar: العربية; Arabic; Arabisch; arabe; árabe; arabo
    as: অসমীয়া; Assamese; Assamesisch; assamais; asamés; assamês
    av: Avaric; Awarisch; avar; avaro; avárico
    ay: Aymara; aimara; aimará
    az: azərbaycan; Azerbaijani; Aserbaidschanisch; azerbaïdjanais; azerbaiyano; azerbaigiano;
        azerbaijano
    ba: башҡорт теле; Bashkir; Baschkirisch; bachkir; baskir; baschiro
    be: беларуская; Belarusian; Belarussisch; biélorusse; bielorruso; bielorusso; bielorrusso
    bg: български; Bulgarian; Bulgarisch; bulgare; búlgaro; bulgaro
    bi: Bislama; bichelamar; bislamá
    bm: bamanakan; Bambara
    bn: বাংলা; Bangla; Bengalisch; bengali; bengalí; bengalese
    bo: བོད་སྐད་; Tibetan; Tibetisch; tibétain; tibetano
    br: brezhoneg; Breton; Bretonisch; bretón; bretone; bretão
    bs: bosanski; Bosnian; Bosnisch; bosniaque; bosnio; bosniaco; bósnio
    ca: català; Catalan; Katalanisch; catalán; catalano; catalão
    ce: нохчийн; Chechen; Tschetschenisch; tchétchène; checheno; ceceno
    ch: Chamorro
    co: corsu; Corsican; Korsisch; corse; corso
    cr: Cree
    cs: čeština; Czech; Tschechisch; tchèque; checo; ceco; tcheco
    cu: церковнослове́нскїй; Church Slavic; Kirchenslawisch; slavon d’église; eslavo eclesiástico;
        slavo ecclesiastico
    cv: чӑваш; Chuvash; Tschuwaschisch; tchouvache; chuvasio; ciuvascio; tchuvache
    cy: Cymraeg; Welsh; Walisisch; gallois; galés; gallese; galês
    da: dansk; Danish; Dänisch; danois; danés; danese; dinamarquês
    de: Deutsch; German; allemand; alemán; tedesco; alemão
    dv: ދިވެހިބަސް; Divehi; Dhivehi; maldivien
    dz: རྫོང་ཁ; Dzongkha; dzonga
    ee: eʋegbe; Ewe; éwé; ewé
    el: Ελληνικά; Greek; Griechisch; grec; griego; greco; grego
    en: English; Englisch; anglais; inglés; inglese; inglês
    eo: Esperanto; espéranto
    es: español; Spanish; Spanisch; espagnol; spagnolo; espanhol
    et: eesti; Estonian; Estnisch; estonien; estonio; estone; estoniano
    eu: euskara; Basque; Baskisch; euskera; basco
    fa: فارسی; Persian; Persisch; persan; persa; persiano
    ff: Pulaar; Fula; Ful; peul; fulah
    fi: suomi; Finnish; Finnisch; finnois; finés; finlandese; finlandês
    fj: Fijian; Fidschi; fidjien; fiyiano; figiano; fijiano
    fo: føroyskt; Faroese; Färöisch; féroïen; feroés; feroês
    fr: français; French; Französisch; francés; francese; francês
    fy: Frysk; Western Frisian; Westfriesisch; frison occidental; frisón occidental; frisone
        occidentale; frísio ocidental
    ga: Gaeilge; Irish; Irisch; irlandais; irlandés; irlandese; irlandês
    gd: Gàidhlig; Scottish Gaelic; Gälisch (Schottland); gaélique écossais; gaélico escocés;
        gaelico scozzese; gaélico escocês
    gl: galego; Galician; Galicisch; galicien; gallego; galiziano
    gn: avañe’ẽ; Guarani; Guaraní
    gu: ગુજરાતી; Gujarati; goudjarati; guyaratí; guzerate
    gv: Gaelg; Manx; mannois; manés; mannese
    ha: Hausa; Haussa; haoussa; hauçá
    he: עברית; Hebrew; Hebräisch; hébreu; hebreo; ebraico; hebraico
    hi: हिन्दी; Hindi; híndi
    ho: Hiri Motu; Hiri-Motu
    hr: hrvatski; Croatian; Kroatisch; croate; croata; croato
    ht: Kreyòl Ayisyen; Haitian Creole; Haiti-Kreolisch; créole haïtien; criollo haitiano; creolo
        haitiano; haitiano
    hu: magyar; Hungarian; Ungarisch; hongrois; húngaro; ungherese
    hy: հայերեն; Armenian; Armenisch; arménien; armenio; armeno; armênio
    hz: Herero; héréro
    ia: interlingua; interlíngua
    id: Indonesia; Indonesian; Indonesisch; indonésien; indonesio; indonesiano; indonésio
    ie: Interlingue
    ig: Igbo
    ii: ꆈꌠꉙ; Sichuan Yi; Yi; yi du Sichuan; yi de Sichuán
    ik: Inupiaq; Inupiak; inupiaque
    io: Ido
    is: íslenska; Icelandic; Isländisch; islandais; islandés; islandese; islandês
    it: italiano; Italian; Italienisch; italien
    iu: ᐃᓄᒃᑎᑐᑦ; Inuktitut
    ja: 日本語; Japanese; Japanisch; japonais; japonés; giapponese; japonês
    jv: Jawa; Javanese; Javanisch; javanais; javanés; giavanese; javanês
    ka: ქართული; Georgian; Georgisch; géorgien; georgiano
    kg: Kongo; Kongolesisch; kikongo; congolês
    ki: Gikuyu; Kikuyu; quicuio
    kj: Kuanyama; Kwanyama; cuanhama
    kk: қазақ тілі; Kazakh; Kasachisch; kazajo; kazako; cazaque
    kl: kalaallisut; Grönländisch; groenlandais; groenlandés; groenlandese; groenlandês
    km: ខ្មែរ; Khmer; jemer
    kn: ಕನ್ನಡ; Kannada; canarés; canarim
    ko: 한국어; Korean; Koreanisch; coréen; coreano
    kr: Kanuri; kanouri; canúri
    ks: کٲشُر; Kashmiri; Kaschmiri; cachemiri; cachemir; caxemira
    ku: kurdî (kurmancî); Kurdish; Kurdisch; kurde; kurdo; curdo
    kv: Komi
    kw: kernewek; Cornish; Kornisch; cornique; córnico; cornico
    ky: кыргызча; Kyrgyz; Kirgisisch; kirghize; kirguís; kirghiso; quirguiz
    la: Latina; Latin; Latein; latín; latino; latim
    lb: Lëtzebuergesch; Luxembourgish; Luxemburgisch; luxembourgeois; luxemburgués;
        lussemburghese; luxemburguês
    lg: Luganda; Ganda
    li: Limburgish; Limburgisch; limbourgeois; limburgués; limburghese; limburguês
    ln: lingála; Lingala
    lo: ລາວ; Lao; Laotisch; laosiano
    lt: lietuvių; Lithuanian; Litauisch; lituanien; lituano
    lu: Tshiluba; Luba-Katanga; luba-katanga (kiluba); luba-catanga
    lv: latviešu; Latvian; Lettisch; letton; letón; lettone; letão
    mg: Malagasy; malgache; malgascio; malgaxe
    mh: Marshallese; Marschallesisch; marshallais; marshalés; marshalês
    mi: Māori; maori; maorí
    mk: македонски; Macedonian; Mazedonisch; macédonien; macedonio; macedone; macedônio
    ml: മലയാളം; Malayalam; malayálam; malaiala
    mn: монгол; Mongolian; Mongolisch; mongol; mongolo
    mr: मराठी; Marathi; maratí; marati
    ms: Melayu; Malay; Malaiisch; malais; malayo; malese; malaio
    mt: Malti; Maltese; Maltesisch; maltais; maltés; maltês
    my: မြန်မာ; Burmese; Birmanisch; birman; birmano; birmanês
    na: Nauru; Nauruisch; nauruan; nauruano
    nb: norsk bokmål; Norwegian Bokmål; Norwegisch (Bokmål); norvégien bokmål; noruego bokmal;
        norvegese bokmål; bokmål norueguês
    nd: isiNdebele; North Ndebele; Nord-Ndebele; ndébélé du Nord; ndebele septentrional; ndebele
        del nord; ndebele do norte
    ne: नेपाली; Nepali; Nepalesisch; népalais; nepalí; nepalese; nepalês
    ng: Ndonga; dongo
    nl: Nederlands; Dutch; Niederländisch; néerlandais; neerlandés; olandese; holandês
    nn: norsk nynorsk; Norwegian Nynorsk; Norwegisch (Nynorsk); norvégien nynorsk; noruego
        nynorsk; norvegese nynorsk; nynorsk norueguês
    no: norsk; Norwegian; Norwegisch; norvégien; noruego; norvegese; norueguês
    nr: isiNdebele; South Ndebele; Süd-Ndebele; ndébélé du Sud; ndebele meridional; ndebele del
        sud; ndebele do sul
    nv: Diné Bizaad; Navajo
    ny: Nyanja; chewa; nianja
    oc: occitan; Okzitanisch; occitano; occitânico
    oj: Ojibwa
    om: Oromoo; Oromo
    or: ଓଡ଼ିଆ; Odia; Oriya; oriá
    os: ирон; Ossetic; Ossetisch; ossète; osético; ossetico; osseto
    pa: ਪੰਜਾਬੀ; Punjabi; pendjabi; punyabí; panjabi
    pi: Pali; páli
    pl: polski; Polish; Polnisch; polonais; polaco; polacco; polonês
    ps: پښتو; Pashto; Paschtu; pachto; pastún
    pt: português; Portuguese; Portugiesisch; portugais; portugués; portoghese
    qu: Runasimi; Quechua; quíchua
    rm: rumantsch; Romansh; Rätoromanisch; romanche; romancio
    rn: Ikirundi; Rundi; roundi; kirundi
    ro: română; Romanian; Rumänisch; roumain; rumano; rumeno; romeno
    ru: русский; Russian; Russisch; russe; ruso; russo
    rw: Ikinyarwanda; Kinyarwanda; quiniaruanda
    sa: संस्कृत भाषा; Sanskrit; sánscrito; sanscrito; sânscrito
    sc: sardu; Sardinian; Sardisch; sarde; sardo
    sd: سنڌي; Sindhi; sindi
    se: davvisámegiella; Northern Sami; Nordsamisch; same du Nord; sami septentrional; sami del
        nord; sami setentrional
    sg: Sängö; Sango
    si: සිංහල; Sinhala; Singhalesisch; cingalais; cingalés; singalese; cingalês
    sk: slovenčina; Slovak; Slowakisch; slovaque; eslovaco; slovacco
    sl: slovenščina; Slovenian; Slowenisch; slovène; esloveno; sloveno
    sm: Samoan; Samoanisch; samoano
    sn: chiShona; Shona; xona
    so: Soomaali; Somali; somalí; somalo
    sq: shqip; Albanian; Albanisch; albanais; albanés; albanese; albanês
    sr: српски; Serbian; Serbisch; serbe; serbio; serbo; sérvio
    ss: siSwati; Swati; Swazi; suazi; suázi
    st: Sesotho; Southern Sotho; Süd-Sotho; sotho du Sud; sotho meridional; sotho del sud; soto do
        sul
    su: Basa Sunda; Sundanese; Sundanesisch; soundanais; sundanés; sundanês
    sv: svenska; Swedish; Schwedisch; suédois; sueco; svedese
    sw: Kiswahili; Swahili; Suaheli; suajili; suaíli
    ta: தமிழ்; Tamil; tamoul; tâmil
    te: తెలుగు; Telugu; télougou; télugo
    tg: тоҷикӣ; Tajik; Tadschikisch; tadjik; tayiko; tagico; tadjique
    th: ไทย; Thai; Thailändisch; thaï; tailandés; thailandese; tailandês
    ti: ትግርኛ; Tigrinya; tigrigna; tigriña; tigrino; tigrínia
    tk: türkmen dili; Turkmen; Turkmenisch; turkmène; turcomano; turcomanno; turcomeno
    tl: Tagalog; tagalo
    tn: Setswana; Tswana; setsuana
    to: lea fakatonga; Tongan; Tongaisch; tongien; tongano; tonganês
    tr: Türkçe; Turkish; Türkisch; turc; turco
    ts: Xitsonga; Tsonga
    tt: татар; Tatar; Tatarisch; tártaro; tataro
    tw: Twi; ci
    ty: Tahitian; Tahitisch; tahitien; tahitiano; taitiano
    ug: ئۇيغۇرچە; Uyghur; Uigurisch; ouïghour; uigur; uiguro
    uk: українська; Ukrainian; Ukrainisch; ukrainien; ucraniano; ucraino
    ur: اردو; Urdu; ourdou
    uz: o‘zbek; Uzbek; Usbekisch; ouzbek; uzbeko; uzbeco; uzbeque
    ve: Tshivenḓa; Venda
    vi: Tiếng Việt; Vietnamese; Vietnamesisch; vietnamien; vietnamita
    vo: Volapük; volapuque
    wa: walon; Walloon; Wallonisch; wallon; valón; vallone; valão
    wo: Wolof; wólof; uolofe
    xh: IsiXhosa; Xhosa
    yi: ייִדיש; Yiddish; Jiddisch; yidis; iídiche
    yo: Èdè Yorùbá; Yoruba; iorubá
    za: Vahcuengh; Zhuang
    zh: 中文; Chinese; Chinesisch; chinois; chino; cinese; chinês
    zu: isiZulu; Zulu; zoulou; zulú
    grc: Ancient Greek; Altgriechisch; grec ancien; griego antiguo; greco antico; grego arcaico
    nds: Neddersass’sch; Low German; Niederdeutsch; bas-allemand; bajo alemán; basso tedesco;
        baixo alemão
    gsw: Schwiizertüütsch; Swiss German; Schweizerdeutsch; suisse allemand; alemán suizo; tedesco
        svizzero; alemão (Suíça)
    ang: Old English; Altenglisch; ancien anglais; inglés antiguo; inglese antico; inglês arcaico
    enm: Middle English; Mittelenglisch; moyen anglais; inglés medio; inglese medio; inglês médio
    gmh: Middle High German; Mittelhochdeutsch; moyen haut-allemand; alto alemán medio; tedesco
        medio alto; alto alemão médio
    goh: Old High German; Althochdeutsch; ancien haut allemand; alto alemán antiguo; tedesco
        antico alto; alemão arcaico alto
    fro: Old French; Altfranzösisch; ancien français; francés antiguo; francese antico; francês
        arcaico
    frm: Middle French; Mittelfranzösisch; moyen français; francés medio; francese medio; francês
        médio
    non: Old Norse; Altnordisch; vieux norrois; nórdico antiguo; norse antico; nórdico arcaico
    sga: Old Irish; Altirisch; ancien irlandais; irlandés antiguo; irlandese antico; irlandês
        arcaico
    got: Gothic; Gotisch; gotique; gótico; gotico
    akk: Akkadian; Akkadisch; akkadien; acadio; accado; acadiano
    sux: Sumerian; Sumerisch; sumérien; sumerio; sumero; sumério
    egy: Ancient Egyptian; Ägyptisch; égyptien ancien; egipcio antiguo; egiziano antico; egípcio
        arcaico
    cop: Coptic; Koptisch; copte; copto; copta
    arc: Aramaic; Aramäisch; araméen; arameo; aramaico
    syr: ܣܘܪܝܝܐ; Syriac; Syrisch; syriaque; siriaco; siríaco
    fil: Filipino; filippino
    ceb: Cebuano
    war: Waray
    hsb: hornjoserbšćina; Upper Sorbian; Obersorbisch; haut-sorabe; alto sorbio; alto sorabo; alto
        sorábio
    dsb: dolnoserbšćina; Lower Sorbian; Niedersorbisch; bas-sorabe; bajo sorbio; basso sorabo;
        baixo sorábio
    sco: Scots; Schottisch; écossais; escocés; scozzese
    ast: asturianu; Asturian; Asturisch; asturien; asturiano
    fur: furlan; Friulian; Friaulisch; frioulan; friulano
    lld: ladin; Dolomitenladinisch
    scn: sicilianu; Sicilian; Sizilianisch; sicilien; siciliano
    nap: Neapolitan; Neapolitanisch; napolitain; napolitano; napoletano
    vec: veneto; Venetian; Venetisch; vénitien; veneciano; vêneto
    yue: 粵語; Cantonese; Kantonesisch; cantonais; cantonés; cantonês
    haw: ʻŌlelo Hawaiʻi; Hawaiian; Hawaiisch; hawaïen; hawaiano; havaiano
    pap: Papiamentu; Papiamento
    mwl: Mirandese; Mirandesisch; mirandais; mirandés; mirandês
    lad: Ladino; giudeo-spagnolo
    ota: Ottoman Turkish; Osmanisch; turc ottoman; turco otomano; turco ottomano
    peo: Old Persian; Altpersisch; persan ancien; persa antiguo; persiano antico; persa arcaico
    gez: ግዕዝኛ; Geez; guèze
    tpi: Tok Pisin; Neumelanesisch
    sah: саха тыла; Yakut; Jakutisch; iakoute; sakha; sacha
    tyv: Tuvinian; Tuwinisch; touvain; tuviniano
    kab: Taqbaylit; Kabyle; Kabylisch; cabileño; cabilo
    mul: Multiple languages; Mehrsprachig; multilingue; varios idiomas; multilingua; múltiplos
        idiomas
    zxx: No linguistic content; Keine Sprachinhalte; sans contenu linguistique; sin contenido
        lingüístico; nessun contenuto linguistico; sem conteúdo linguístico
"""
"""By language: its own name, then English, German, French, Spanish, Italian, Portuguese."""

OTHER_NAMES = """
    ang: Anglo-Saxon; English, Old (ca. 450-1100); English, Old (ca.450-1100)
    arc: Official Aramaic (700-300 BCE); Imperial Aramaic (700-300 BCE)
    ar: عربي; арабский; arabskij
    bg: болгарский; bulharština; bulgariska
    ca: Valencian; valencià; valenciano; каталанский
    cs: český jazyk; česky; czeski; tjekkisk; tjeckiska; чешский; Tschechische Sprache
    cu: Church Slavonic; Old Church Slavonic; Old Slavonic; Altkirchenslawisch
    cy: Cymric
    da: dänische Sprache; duński; danska; tanska; датский; Deens
    de: deutsche Sprache; langue allemande; Duits; tysk; tyska; saksa; niemiecki; němčina;
        německy; немецкий; німецька; alemany; Almanca; német; njemački; nemački; nemščina;
        germană; 德语; 德文; ドイツ語; 독일어; vokiečių; vācu; saksa keel
    el: Modern Greek; Greek, Modern; Greek, Modern (1453-); Greek (modern); Neugriechisch; Grieks;
        grec moderne; греческий; grekiska; græsk
    en: englische Sprache; langue anglaise; Engels; engelsk; engelska; englanti; angielski;
        angličtina; anglicky; английский; англійська; anglès; İngilizce; Inggris; Bahasa Inggris;
        angol; engleski; angleščina; engleză; 英语; 英文; 英語; 영어; anglų; inglise keel;
        tiếng Anh; الإنجليزية; अंग्रेज़ी; American English; British English; język angielski
    enm: English, Middle (1100-1500)
    es: Castilian; Castellano; castellà; Castilian Spanish; lengua española; Spaans; spansk;
        spanska; espanja; hiszpański; španělština; испанский; 西班牙语; スペイン語; İspanyolca;
        spaniolă
    et: estnische Sprache; viro; estoński; eesti keel; эстонский
    eu: vasco; baskiska; vascuence
    fa: Farsi; Western Farsi; Persian (Farsi); персидский
    fi: suomen kieli; finska; finsk; fiński; финский; Fins
    fo: Faeroese
    fr: französische Sprache; langue française; Frans; fransk; franska; ranska; francuski;
        francouzština; французский; французька; Fransızca; Prancis; francia; francoščina;
        franceză; 法语; 法文; フランス語; 프랑스어
    frm: French, Middle (ca. 1400-1600); French, Middle (ca.1400-1600)
    fro: French, Old (842-ca. 1400); French, Old (842-ca.1400)
    fy: Frisian; Friesisch; Fries; frison
    ga: Irish Gaelic; Gaelic (Irish)
    gd: Gaelic; Schottisch-Gälisch; Gaelic (Scottish)
    gl: галисийский
    gmh: German, Middle High (ca. 1050-1500); German, Middle High (ca.1050-1500)
    goh: German, Old High (ca. 750-1050); German, Old High (ca.750-1050)
    grc: Classical Greek; Greek, Ancient; Greek, Ancient (to 1453); Greek (ancient); Hellenic;
        Oudgrieks
    gsw: Alemannic; Alsatian; Alemannisch
    he: ivrit; hebreiska; иврит; hebrejština
    hi: हिंदी; хинди
    hr: kroatische Sprache; hrvatski jezik; chorwacki; хорватский; horvātu
    ht: Haitian
    hu: ungarische Sprache; magyar nyelv; węgierski; maďarština; венгерский; ungersk; ungerska;
        unkari; madžarščina; mađarski
    id: Bahasa Indonesia; индонезийский
    is: isländische Sprache; isländska; islandsk; islandzki
    it: italienische Sprache; lingua italiana; Italiaans; italiensk; italienska; italia; włoski;
        italština; итальянский; İtalyanca; talijanski; olasz; italijanščina; 意大利语; イタリア語;
        이탈리아어
    ja: japanische Sprache; japansk; japanska; Japans; japoński; японский; 日语; 日文; 일본어
    ka: грузинский; georgisk
    kk: казахский; қазақ; Kazak
    ko: koreanska; koreansk; Koreaans; корейский; 韩语; 韓国語
    ky: Kirghiz; киргизский
    la: lateinische Sprache; lingua latina; Latijn; łacina; latinština; латинский; latinsk;
        latinščina; latinski
    lb: Letzeburgesch; Luxemburgish
    lt: litauische Sprache; lietuvių kalba; litewski; литовский; liettua; litauiska
    lv: lettische Sprache; latviešu valoda; łotewski; латышский; lettiska
    mk: македонский; makedonski
    ms: Bahasa Melayu; Bahasa Malaysia
    mul: multiple; multi; multilingual; mehrere Sprachen; verschiedene Sprachen; plusieurs
        langues; plurilingue; meertalig; several languages; various languages; various
    nb: Bokmål; Bokmaal; Bokmål, Norwegian; Norwegian (Bokmål); norsk (bokmål)
    nds: Low Saxon; Niedersächsisch; Plattdeutsch
    nl: Flemish; Vlaams; flamand; Flämisch; niederländische Sprache; hollandsk; nederlandsk;
        nederländska; holländska; hollanti; holenderski; niderlandzki; nizozemština;
        нидерландский; hollandais; nizozemski
    nn: Nynorsk; Nynorsk, Norwegian; Norwegian (Nynorsk); norsk (nynorsk)
    no: norwegische Sprache; norska; norja; norweski; норвежский; Noors
    nso: Sepedi; Northern Sotho; Pedi
    ny: Chichewa
    oc: Provençal; Occitan (post 1500)
    pl: polnische Sprache; język polski; po polsku; polsk; polska; puola; Pools; polština;
        польский; польська; poljski; lengyel; poljščina
    ps: Pushto
    pt: portugiesische Sprache; língua portuguesa; Portugees; portugisisk; portugisiska;
        portugali; portugalski; portugalština; португальский; 葡萄牙语; ポルトガル語
    rm: Raeto-Romance
    ro: Moldavian; Moldovan; rumänische Sprache; limba română; rumuński; румынский; Roemeens;
        rumænsk; rumänska
    ru: russische Sprache; русский язык; langue russe; rysk; ryska; russisk; venäjä; rosyjski;
        ruština; російська; Rusça; ruski; orosz; ruščina; 俄语; 俄文; ロシア語; 러시아어; rusų
    sh: Serbo-Croatian; Serbokroatisch; srpskohrvatski; serbo-croate
    si: Sinhalese
    sk: slowakische Sprache; slovenský jazyk; słowacki; словацкий; slovakiska; slovenský; slovački
    sl: slovenski; slovenski jezik; słoweński; словенский; slowenische Sprache; slovenska
    sq: albanische Sprache; албанский
    sr: serbische Sprache; srpski; srpski jezik; serbski; сербский; srbština
    sv: schwedische Sprache; ruotsi; szwedzki; svensk; švédština; шведский; Zweeds; suec
    tr: türkische Sprache; tyrkisk; turkiska; turecki; турецкий; Turks; turkki
    ug: Uighur
    uk: ukrainische Sprache; українська мова; ukraiński; украинский; ukrainska; ukrajinština;
        Oekraïens
    ur: урду
    vi: вьетнамский
    za: Chuang
    zh: Mandarin; Mandarin Chinese; Standard Chinese; Chinese (Mandarin); 汉语; 漢語; 中国語;
        华语; 汉文; китайский; kinesisk; kinesiska; kiina; chiński; čínština; Çince; kineski;
        kínai; Chinees; 중국어; 普通话
    zh-Hans: Simplified Chinese; Chinese (Simplified); Chinese, Simplified; 简体中文
    zh-Hant: Traditional Chinese; Chinese (Traditional); Chinese, Traditional; 繁體中文
    pt-BR: Brazilian Portuguese; Portuguese (Brazil); Portuguese (Brazilian); português (Brasil);
        português brasileiro; português do Brasil
    zxx: Not applicable; No language; not linguistic; non-linguistic
"""
"""The names of cataloguing lists, further spellings, and names in further languages."""

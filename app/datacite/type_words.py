"""The words that people and repository software write for a kind of resource, as a table.

A line is `general: word; word` or `general | label: word; word`; the label is what the record's
resourceType says when the source has no better word. `@status` lines are words that stand among
types and are none: a version, a review, an access status. The rules are in `types.py`.
"""

from __future__ import annotations

WORDS = {
    "free": """
        Audiovisual: animation; film; film recording; movie; moving image; television programme;
            video; videorecording; vidéo; vídeo
        Award: award; grant
        Book: boek; bog; bok; book; buch; edited book; kirja; książka; libro; livre; livro;
            monograph; книга
        BookChapter: boekhoofdstuk; bokkapitel; book chapter; book part; book section;
            buchkapitel; capitolo di libro; capítulo de libro; capítulo de livro; chapitre de
            livre; chapter; rozdział; section
        Collection: archive; colección; coleção; collectie; collection; fonds; mixed material;
            sammlung
        ComputationalNotebook: computational notebook; jupyter notebook; notebook; r notebook
        ConferencePaper: actas de congreso; communication dans un congrès; conference article;
            conference or workshop item; conference paper; conference proceedings paper;
            contributo in atti di convegno; konferensbidrag; konferenzbeitrag; konferenzpaper;
            meeting paper; proceedings paper
        ConferenceProceeding: actes de congrès; conference proceeding; conference proceedings;
            proceedings; tagungsband
        DataPaper: data article; data descriptor; data paper
        Dataset: census data; conjunto de dados; conjunto de datos; dados de pesquisa; dane
            badawcze; data; data file; data files; dataset; datasets; datasett; datasæt;
            dataverzameling; datensatz; datos de investigación; donnees; données de recherche;
            experimental data; forschungsdaten; forskningsdata; gegevensverzameling; geospatial
            data; insieme di dati; jeu de données; jeux de données; measurement data; microdata;
            numeric; observational data; research data; spreadsheet; survey data; table; tabular
            data; time series; tutkimusaineisto; zbiór danych
        Dataset | Database: database
        Dataset | Language resource: corpus; language description; lexical conceptual resource;
            lexical resource
        Dissertation: bachelor thesis; dissertation; doctoral thesis; electronic dissertation;
            electronic thesis; electronic thesis or dissertation; etd; habilitation;
            hochschulschrift; honors thesis; master thesis; master's thesis; phd thesis; student
            thesis; tesis; theses; thesis
        Dissertation | Bachelor thesis: bachelorarbeit; bachelors thesis; kandidatuppsats; trabajo
            fin de grado; trabalho de conclusão de curso
        Dissertation | Doctoral thesis: avhandling; dissertationsschrift; doctoral dissertation;
            doctorate; doktorarbeit; doktorsavhandling; mphil thesis; phd dissertation;
            proefschrift; rozprawa doktorska; tese; tese de doutorado; tesi di dottorato; tesis
            doctoral; thèse; thèse de doctorat; väitöskirja
        Dissertation | Master thesis: diplomarbeit; dissertação; dissertação de mestrado;
            magisterarbeit; masterarbeit; masteroppgave; masters thesis; masterscriptie; mémoire
            de master; pro gradu; tesis de maestría; trabajo fin de máster
        Event: conference; event; exhibition; performance; workshop
        Image: afbeelding; bild; diagram; drawing; figure; foto; fotografie; fotografía;
            illustration; image; imagen; immagine; painting; photo; photograph; photographie;
            plot; still image
        Image | Map: atlas; carte; cartographic; cartographic material; kaart; karte; map; mapa
        Image | Plan or blueprint: plan or blueprint
        Instrument: instrument; sensor
        InteractiveResource: course material; educational resource; interactive resource; learning
            material; lehrmaterial; lesson; teaching material; teaching resource; tutorial;
            website
        InteractiveResource | Learning object: learning object
        InteractiveResource | Website: web page
        Journal: journal; magazine; newsletter; newspaper; periodical; revista; revue; zeitschrift
        JournalArticle: article; article de revue; article scientifique; articolo; articolo in
            rivista; artigo; artigo de periódico; artikel; artikkeli; artykuł; artykuł w
            czasopiśmie; artículo; artículo científico; artículo de revista; aufsatz; case report;
            editorial; journal article; journal paper; letter to the editor; original article;
            original paper; peer-reviewed article; research article; review article; scientific
            article; short communication; tidskriftsartikel; tidsskriftartikel; wissenschaftlicher
            artikel; zeitschriftenartikel; статья
        JournalArticle | Newspaper article: newspaper article; zeitungsartikel
        Model: mathematical model; model; numerical model; simulation
        Model | 3D model: 3d model; 3d object; image, 3-d
        Other: altro; andet; annet; autre; inne; misc; miscellaneous; muu; other; otro; outro;
            overig; sonstiges
        Other | Musical score: musical score; notated music; score; sheet music
        OutputManagementPlan: data management plan; datenmanagementplan; dmp; output management
            plan; plan de gestion de données
        PeerReview: open peer review; peer review; referee report; review report
        PhysicalObject: artefact; artifact; biological sample; geological sample; museum object;
            physical object; rock sample; sample; specimen; three dimensional object
        Poster: affiche; conference poster; poster; póster
        Preprint: eprint; preprint
        Presentation: apresentação; conference presentation; conference talk; föredrag; lecture;
            lezing; presentación; presentation; présentation; slide deck; slides; talk; vortrag
        Project: project; projekt; projet; proyecto; research project
        Report: bericht; forschungsbericht; informe; policy brief; raport; raportti; rapport;
            rapporto; rapportti; relatório; relazione; report; research report; technical report;
            technischer bericht; white paper
        Report | Deliverable: deliverable
        Service: data service; service; web service
        Software: code; computer program; computer programme; computer software; logiciel;
            programa informático; script; software; software code; source code; tool
            service
        Sound: audio; audio recording; enregistrement sonore; interview recording; music; podcast;
            recording; recording, acoustical; recording, musical; recording, oral; sound;
            sound recording; tonaufnahme
        Standard: norme; standard; technical standard
        StudyRegistration: clinical study; clinical trial; preregistration; registered report;
            study registration
        Text: tekst; testo; text; texte; texto
        Text | Abstract: abstract; conference abstract; meeting abstract
        Text | Blog post: blog post; blogposting; weblog
        Text | Book review: book review; compte rendu; reseña; rezension
        Text | Conference object: conference contribution; conference item; conference object
        Text | Lecture notes: lecture notes
        Text | Letter: letter; lettre
        Text | Manuscript: handschrift; manuscript; manuscrit; manuscrito
        Text | Patent: patent
        Text | Protocol: methods protocol; protocol; research protocol
        Text | Research proposal: grant proposal; proposal; research proposal
        Text | Review: review
        Text | Working paper: arbeitspapier; discussion paper; document de travail; documento de
            trabajo; working paper
        Workflow: scientific workflow; workflow
        @access: closed access; embargoed access; open access; restricted access
        @review: nonpeerreviewed; not refereed; peer reviewed; refereed
        @version: accepted version; author accepted manuscript; draft; postprint; published
            version; submitted version; version of record""",
    "eprints": """
        Audiovisual: Video
        Book: Book
        BookChapter: Book Section
        ConferencePaper | Conference or workshop item: Conference or Workshop Item
        Dataset: Dataset; Data Collection
        Dataset | Experiment: Experiment
        Dissertation: Thesis
        Event | Exhibition: Show/Exhibition
        Event | Performance: Performance
        Image: Image
        InteractiveResource | Teaching resource: Teaching Resource
        JournalArticle: Article; Journal (Paginated); Journal (On-line/Unpaginated)
        Other: Other
        Other | Composition: Composition
        PhysicalObject | Artefact: Artefact
        Report | Monograph: Monograph
        Sound: Audio
        Text | Patent: Patent
        @review: NonPeerReviewed; PeerReviewed""",
    "figshare": """
        Audiovisual | Media: media
        Award | Funding: funding
        Book: book
        Book | Monograph: monograph
        BookChapter: chapter
        ConferencePaper | Conference contribution: conference contribution
        Dataset: dataset
        Dataset | Fileset: fileset
        Dataset | Metadata: metadata
        Dissertation: thesis
        Event: event
        Event | Performance: performance
        Image | Figure: figure
        InteractiveResource | Educational resource: educational resource
        InteractiveResource | Online resource: online resource
        JournalArticle: journal contribution
        Model: model
        Other | Composition: composition
        OutputManagementPlan: data management plan
        PeerReview: peer review
        PhysicalObject: physical object
        Poster: poster
        Preprint: preprint
        Presentation: presentation
        Report: report
        Service: service
        Software: code; software
        Standard: standard
        StudyRegistration | Registration: registration
        Workflow: workflow""",
    "inveniordm": """
        Book: publication-book
        BookChapter: publication-section
        Collection | Annotation collection: publication-annotationcollection
        ComputationalNotebook: software-computationalnotebook
        ConferencePaper: publication-conferencepaper
        ConferenceProceeding: publication-conferenceproceeding
        DataPaper: publication-datapaper
        Dissertation: publication-dissertation; publication-thesis
        Image: image-other
        Image | Diagram: image-diagram
        Image | Drawing: image-drawing
        Image | Figure: image-figure
        Image | Photo: image-photo
        Image | Plot: image-plot
        InteractiveResource | Lesson: lesson
        Journal: publication-journal
        JournalArticle: publication-article
        OutputManagementPlan: publication-datamanagementplan
        PeerReview: publication-peerreview
        PhysicalObject: physicalobject
        Preprint: publication-preprint
        Report: publication-report
        Report | Project deliverable: publication-deliverable
        Report | Project milestone: publication-milestone
        Standard: publication-standard
        Text: publication-other
        Text | Patent: publication-patent
        Text | Proposal: publication-proposal
        Text | Software documentation: publication-softwaredocumentation
        Text | Taxonomic treatment: publication-taxonomictreatment
        Text | Technical note: publication-technicalnote
        Text | Working paper: publication-workingpaper
        Workflow: workflow""",
    "crossref": """
        Award: grant
        Book: book; edited-book; monograph; reference-book
        Book | Book series: book-series; book-set
        BookChapter: book-chapter; book-part; book-section; book-track; reference-entry
        ConferencePaper: proceedings-article
        ConferenceProceeding: proceedings; proceedings-series
        Dataset: dataset
        Dataset | Database: database
        Dissertation: dissertation
        Journal: journal
        Journal | Journal issue: journal-issue
        Journal | Journal volume: journal-volume
        JournalArticle: journal-article
        Other: other
        Other | Component: component
        PeerReview: peer-review
        Preprint: posted-content
        Report: report; report-component; report-series
        Standard: standard; standard-series""",
    "junii2": """
        Book: Book
        ConferencePaper: Conference Paper
        Dataset: Data or Dataset
        Dissertation: Thesis or Dissertation
        InteractiveResource | Learning material: Learning Material
        JournalArticle: Article; Journal Article
        JournalArticle | Departmental bulletin paper: Departmental Bulletin Paper
        Other: Others
        Preprint: Preprint
        Presentation: Presentation
        Report | Technical report: Technical Report
        Software: Software
        Text | Research paper: Research Paper""",
    "rioxx": """
        Book: Book
        Book | Edited book: Book edited
        Book | Monograph: Monograph
        BookChapter: Book chapter
        ConferencePaper | Conference paper, proceeding or abstract: Conference
            Paper/Proceeding/Abstract
        Dissertation: Thesis
        JournalArticle: Journal Article/Review
        Other: Other
        Report | Consultancy report: Consultancy Report
        Report | Policy briefing report: Policy briefing report
        Report | Technical report: Technical Report
        Standard: Technical Standard
        Text | Manual or guide: Manual/Guide
        Text | Working paper: Working paper""",
}
"""By the one who writes them, in the order in which they are asked."""

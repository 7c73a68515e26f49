"""The codes of controlled vocabularies for a kind of resource, as a table like `type_words.py`.

The COAR lines give `code label`, the label of the COAR vocabulary; all others give codes only.
"""

from __future__ import annotations

CODES = {
    "coar": """
        Audiovisual: c_12ce video; c_8a7e moving image
        Book: c_2f33 book
        BookChapter: c_3248 book part
        ConferencePaper: c_18cp conference paper not in proceedings; c_5794 conference paper
        ConferenceProceeding: c_f744 conference proceedings
        DataPaper: c_beb9 data paper
        Dataset: 2H0M-X761 geospatial data; 63NG-B465 experimental data; A8F1-NPV9 genomic data;
            ACF7-8YT9 aggregated data; AM6W-6QAW encoded data; c_cb28 clinical trial data; c_ddb1
            dataset; CQMR-7K63 recorded data; DD58-GFSX measurement and test data; FF4C-28RK
            observational data; FXF3-D3G7 compiled data; NHD0-W6SY survey data; W2XT-7017
            simulation data
        Dissertation: c_46ec thesis; c_7a1f bachelor thesis; c_bdcc master thesis; c_db06 doctoral
            thesis
        Image: c_12cc cartographic material; c_12cd map; c_c513 image; c_ecc8 still image
        InteractiveResource: c_7ad9 website; c_e059 learning object; c_e9a0 interactive resource
        Journal: c_0640 journal; c_2659 periodical (deprecated); c_2cd9 magazine; c_2fe3
            newspaper; QX5C-AR31 other periodical
        JournalArticle: c_2df8fbb1 research article; c_3e5a contribution to journal (deprecated);
            c_545b letter to the editor; c_6501 journal article; c_7acd corrigendum; c_998f
            newspaper article; c_b239 editorial; c_dcae04bc review article; D97F-VB57 commentary
        Other: 542X-3S04 design; BW7T-YM2G layout design; c_1843 other; c_18cd musical
            composition; H6QP-SC1X trademark; JBNF-DYAD industrial design
        OutputManagementPlan: c_ab20 data management plan
        PeerReview: H9BQ-739P peer review
        Poster: c_18co conference poster not in proceedings; c_6670 conference poster
        Preprint: c_816b preprint
        Presentation: c_8544 lecture; R60J-J5BD conference presentation
        Report: c_186u policy report; c_18gh technical report; c_18hj report to funding agency
            (deprecated); c_18op project deliverable; c_18wq other type of report (deprecated);
            c_18ws research report; c_18ww internal report (deprecated); c_18wz memorandum; c_93fc
            report; c_ba1f report part (deprecated)
        Software: c_5ce6 software; c_c950 research software; QH80-2R4E source code
        Sound: c_18cc sound
        StudyRegistration: c_7877 clinical study
        Text: 6NC7-GK9S transcription; 9DKX-KSAF utility model; C53B-JCY5 design patent; c_0040
            manuscript; c_0857 letter; c_1162 annotation; c_15cd patent; c_18cf text; c_18cw
            musical notation; c_6947 blog post; c_71bd technical documentation; c_7bab software
            paper; c_8042 working paper; c_86bc bibliography; c_ba08 book review; c_baaf research
            proposal; c_c94f conference output; c_efa0 review; GPQ7-G5VE plant variety protection;
            H41Y-FW7B laboratory notebook; MW8G-3CR8 software patent; SB3Y-W4EH PCT application;
            YZ1N-ZFT9 research protocol; Z907-YMBB plant patent
        Workflow: c_393c workflow""",
    "eurepo": """
        Book: book
        BookChapter: bookPart
        ConferencePaper: conferencePaper; conferencePaperNotInProceedings
        ConferenceProceeding: conferenceProceedings
        Dataset: dataset; researchData
        Dissertation | Bachelor thesis: bachelorThesis
        Dissertation | Doctoral thesis: doctoralThesis
        Dissertation | Master thesis: masterThesis
        Dissertation | Student thesis: studentThesis
        JournalArticle: article
        JournalArticle | Contribution to periodical: contributionToPeriodical
        Other: other
        Poster: conferencePoster; conferencePosterNotInProceedings
        Preprint: preprint
        Presentation | Lecture: lecture
        Report: report
        Report | External research report: externalResearchReport
        Report | Internal report: internalReport
        Report | Report part: reportPart
        Software: software
        Text | Annotation: annotation
        Text | Book review: bookReview
        Text | Conference contribution: conferenceContribution
        Text | Conference item: conferenceItem
        Text | Conference item not in proceedings: conferenceItemNotInProceedings
        Text | Conference object: conferenceObject
        Text | Lecture notes: lectureNotes
        Text | Patent: patent
        Text | Research proposal: researchProposal
        Text | Review: review
        Text | Technical documentation: technicalDocumentation
        Text | Working paper: workingPaper
        @version: acceptedVersion; draft; publishedVersion; submittedVersion; updatedVersion""",
    "dini": """
        Audiovisual: MovingImage
        Book: book
        BookChapter: bookPart
        Dataset: ResearchData
        Dissertation | Bachelor thesis: bachelorThesis
        Dissertation | Doctoral thesis: doctoralThesis
        Dissertation | Master thesis: masterThesis
        Dissertation | Study thesis: StudyThesis
        Image: Image; StillImage
        Image | Cartographic material: CartographicMaterial
        InteractiveResource | Course material: CourseMaterial
        InteractiveResource | Website: Website
        Journal: Periodical
        Journal | Part of a periodical: PeriodicalPart
        JournalArticle: article
        JournalArticle | Contribution to periodical: contributionToPeriodical
        Other: Other
        Other | Musical notation: MusicalNotation
        Preprint: preprint
        Presentation | Lecture: lecture
        Report: report
        Software: Software
        Sound: Sound
        Text: Text
        Text | Annotation: annotation
        Text | Conference object: conferenceObject
        Text | Manuscript: Manuscript
        Text | Patent: patent
        Text | Review: review
        Text | Working paper: workingPaper""",
    "eurepo-other": """
        Audiovisual: audiovisual
        Dataset: dataset
        Image: image
        Other: other
        Software: software
        Text: text""",
    "schema.org": """
        Audiovisual: MediaObject; Movie; VideoObject
        Award: Grant; MonetaryGrant
        Book: Book
        BookChapter: Chapter
        Collection: Collection
        Collection | Data catalog: DataCatalog
        Dataset: DataDownload; Dataset
        Dissertation: Thesis
        Event: Event
        Image: ImageObject; Photograph
        Image | Map: Map
        InteractiveResource | Website: WebSite
        Journal: Periodical; PublicationIssue; PublicationVolume
        JournalArticle: ScholarlyArticle
        Other: CreativeWork
        PeerReview: Review
        Poster: Poster
        Presentation: PresentationDigitalDocument
        Project: Project; ResearchProject
        Report: Report; TechArticle
        Service: Service
        Software: SoftwareApplication; SoftwareSourceCode
        Sound: AudioObject
        Text: Article
        Text | Blog post: BlogPosting
        Text | Web page: WebPage""",
    "dcmi": """
        Audiovisual: MovingImage
        Collection: Collection
        Dataset: Dataset
        Event: Event
        Image: Image; StillImage
        InteractiveResource: InteractiveResource
        PhysicalObject: PhysicalObject
        Service: Service
        Software: Software
        Sound: Sound
        Text: Text""",
    "datacite": """
        Audiovisual: Film""",
    "mods": """
        Audiovisual: moving image
        Collection: mixed material
        Image: cartographic; still image
        InteractiveResource: software, multimedia
        Other: notated music
        PhysicalObject: three dimensional object
        Sound: sound recording; sound recording-musical; sound recording-nonmusical
        Text: text""",
    "marc-leader": """
        Audiovisual: g
        Collection | Kit: o
        Collection | Mixed materials: p
        Image: k
        Image | Cartographic: e
        Image | Manuscript cartographic: f
        Other | Manuscript notated music: d
        Other | Notated music: c
        PhysicalObject: r
        Software | Computer file: m
        Sound: i; j
        Text: a
        Text | Manuscript: t""",
    "marcgt": """
        Audiovisual: filmstrip; motion picture; videorecording
        Book: book; dictionary; encyclopedia; handbook; yearbook
        Book | Festschrift: festschrift
        Collection | Kit: kit
        ConferenceProceeding: conference publication
        Dataset: numeric data; statistics
        Dataset | Database: database
        Dissertation: thesis
        Image: atlas; chart; globe; graphic; map; painting; picture; remote sensing image; slide;
            technical drawing; transparency
        InteractiveResource | Website: web site
        Journal: journal; newspaper; periodical; series
        Journal | Issue: issue
        JournalArticle: article
        PhysicalObject: game; realia; toy
        PhysicalObject | Model: model
        Report | Technical report: technical report
        Service: online system or service
        Sound: sound
        Standard: standard or specification
        Text | Abstract or summary: abstract or summary
        Text | Bibliography: bibliography
        Text | Catalogue: catalog
        Text | Government publication: government publication
        Text | Letter: letter
        Text | Patent: patent
        Text | Review: review
        Text | Speech: speech
        Text | Survey of literature: survey of literature""",
    "iso19115": """
        Collection: aggregate; collection; repository; series
        Dataset: attribute; attributeType; coverage; dataset; dimensionGroup; feature;
            featureType; nonGeographicDataset; product; propertyType; tile
        Event: collectionSession; fieldSession
        Image: mapDigital; mapHardcopy
        Instrument: collectionHardware; sensor
        Model: model
        PhysicalObject: sample
        Project: initiative
        Service: service
        Software: application; software
        Text: document""",
    "edm": """
        Audiovisual: VIDEO
        Image: IMAGE
        Model: 3D
        Sound: SOUND
        Text: TEXT""",
    "openaire": """
        Dataset: dataset
        Other: other research product
        Software: software
        Text: literature""",
    "csl": """
        Audiovisual: motion_picture
        Book: book
        BookChapter: chapter
        Collection: collection
        ConferencePaper: paper-conference
        Dataset: dataset
        Dissertation: thesis
        Event: event
        Image: figure; graphic; map
        Journal: periodical
        JournalArticle: article-journal; article-magazine; article-newspaper
        Other: document
        PeerReview: review
        Preprint: article
        Presentation: speech
        Report: report
        Software: software
        Sound: song
        Standard: standard
        Text: patent; post-weblog; webpage""",
    "ris": """
        Audiovisual: MPCT; VIDEO
        Book: BOOK
        BookChapter: CHAP
        Collection: CTLG
        ConferencePaper: CPAPER
        ConferenceProceeding: CONF
        Dataset: AGGR; DATA; DBASE
        Dissertation: THES
        Image: ART; FIGURE; MAP
        InteractiveResource: MULTI
        Journal: JFULL
        JournalArticle: JOUR
        Other: GEN
        Preprint: UNPB
        Presentation: SLIDE
        Report: RPRT
        Software: COMP
        Sound: MUSIC; SOUND
        Standard: STAND
        Text: BLOG; ELEC; PAT""",
    "bibtex": """
        Book: book; booklet
        BookChapter: inbook; incollection
        ConferencePaper: conference; inproceedings
        ConferenceProceeding: proceedings
        Dataset: dataset
        Dissertation: mastersthesis; phdthesis
        JournalArticle: article
        Other: misc
        Preprint: unpublished
        Report: techreport
        Software: software
        Text: manual; online""",
}
"""By vocabulary."""

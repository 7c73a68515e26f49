"""Funders as a table: `acronym | name | Crossref Funder ID`, the id left out where unsure.

The acronym is what `info:eu-repo/grantAgreement/` has in its first place.
"""

from __future__ import annotations

TABLE = """
EC | European Commission | 501100000780
ERC | European Research Council | 501100000781
AEI | Agencia Estatal de Investigación | 501100011033
AHRC | Arts and Humanities Research Council | 501100000267
AKA | Academy of Finland | 501100002341
ANR | Agence Nationale de la Recherche | 501100001665
ARC | Australian Research Council | 501100000923
ARRS | Slovenian Research Agency | 501100004329
AvH | Alexander von Humboldt-Stiftung | 100005156
BBSRC | Biotechnology and Biological Sciences Research Council | 501100000268
BHF | British Heart Foundation | 501100000274
BMBF | Bundesministerium für Bildung und Forschung | 501100002347
CAPES | Coordenação de Aperfeiçoamento de Pessoal de Nível Superior | 501100002322
CIHR | Canadian Institutes of Health Research | 501100000024
CNPq | Conselho Nacional de Desenvolvimento Científico e Tecnológico | 501100003593
CNRS | Centre National de la Recherche Scientifique | 501100004794
CONICET | Consejo Nacional de Investigaciones Científicas y Técnicas | 501100002923
CRUK | Cancer Research UK | 501100000289
CSO | Chief Scientist Office
DAAD | Deutscher Akademischer Austauschdienst | 501100001655
DFG | Deutsche Forschungsgemeinschaft | 501100001659
DOE | U.S. Department of Energy | 100000015
EPA | U.S. Environmental Protection Agency | 100000139
EPSRC | Engineering and Physical Sciences Research Council | 501100000266
ESRC | Economic and Social Research Council | 501100000269
FAPESP | Fundação de Amparo à Pesquisa do Estado de São Paulo | 501100001807
FCT | Fundação para a Ciência e a Tecnologia | 501100001871
FNRS | Fonds De La Recherche Scientifique - FNRS | 501100002661
FWF | Austrian Science Fund | 501100002428
FWO | Fonds Wetenschappelijk Onderzoek | 501100003130
GACR | Grantová Agentura České Republiky | 501100001824
GSRT | General Secretariat for Research and Technology
HRB | Health Research Board | 501100001590
HRZZ | Hrvatska Zaklada za Znanost | 501100004488
ICSSR | Indian Council of Social Science Research
Innovate UK | Innovate UK | 501100006041
IRC | Irish Research Council | 501100002081
ISF | Israel Science Foundation | 501100003977
JSPS | Japan Society for the Promotion of Science | 501100001691
JST | Japan Science and Technology Agency | 501100002241
MESTD | Ministarstvo Prosvete, Nauke i Tehnološkog Razvoja | 501100004564
MEXT | Ministry of Education, Culture, Sports, Science and Technology | 501100001700
MINECO | Ministerio de Economía y Competitividad | 501100003329
MIUR | Ministero dell’Istruzione, dell’Università e della Ricerca | 501100003407
MRC | Medical Research Council | 501100000265
MZOS | Ministarstvo Znanosti, Obrazovanja i Sporta | 501100006588
NASA | National Aeronautics and Space Administration | 100000104
NCN | Narodowe Centrum Nauki | 501100004281
NERC | Natural Environment Research Council | 501100000270
NHMRC | National Health and Medical Research Council | 501100000925
NIH | National Institutes of Health | 100000002
NIHR | National Institute for Health Research | 501100000272
NOAA | National Oceanic and Atmospheric Administration | 100000192
NRF | National Research Foundation
NSERC | Natural Sciences and Engineering Research Council of Canada | 501100000038
NSF | National Science Foundation | 100000001
NSFC | National Natural Science Foundation of China | 501100001809
NWO | Nederlandse Organisatie voor Wetenschappelijk Onderzoek | 501100003246
RCN | Norges Forskningsråd | 501100005416
RCUK | Research Councils UK | 501100000690
RFBR | Russian Foundation for Basic Research | 501100002261
RSF | Russian Science Foundation | 501100006769
SFI | Science Foundation Ireland | 501100001602
SNSF | Schweizerischer Nationalfonds zur Förderung der Wissenschaftlichen Forschung | 501100001711
SSHRC | Social Sciences and Humanities Research Council of Canada | 501100000155
STFC | Science and Technology Facilities Council | 501100000271
TARA | Tara Expeditions Foundation
TUBITAK | Türkiye Bilimsel ve Teknolojik Araştırma Kurumu | 501100004410
UKRI | UK Research and Innovation | 100014013
USDA | U.S. Department of Agriculture | 100000199
USGS | U.S. Geological Survey | 100000203
VINNOVA | Vinnova | 501100001858
VR | Vetenskapsrådet | 501100004359
VolkswagenStiftung | Volkswagen Foundation | 501100001663
Wellcome Trust | Wellcome Trust | 100004440
WT | Wellcome Trust | 100004440
Wellcome | Wellcome Trust | 100004440
"""

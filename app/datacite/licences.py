"""The licences of the SPDX list by id, with the full names of those that repositories give.

Ids keep the case of SPDX. Only facts are here; what a text means is decided in `rights.py`.
"""

from __future__ import annotations

CREATIVE_COMMONS = """
CC-BY-1.0 | Creative Commons Attribution 1.0 Generic
CC-BY-2.0 | Creative Commons Attribution 2.0 Generic
CC-BY-2.5 | Creative Commons Attribution 2.5 Generic
CC-BY-2.5-AU | Creative Commons Attribution 2.5 Australia
CC-BY-3.0 | Creative Commons Attribution 3.0 Unported
CC-BY-3.0-AT | Creative Commons Attribution 3.0 Austria
CC-BY-3.0-AU | Creative Commons Attribution 3.0 Australia
CC-BY-3.0-DE | Creative Commons Attribution 3.0 Germany
CC-BY-3.0-IGO | Creative Commons Attribution 3.0 IGO
CC-BY-3.0-NL | Creative Commons Attribution 3.0 Netherlands
CC-BY-3.0-US | Creative Commons Attribution 3.0 United States
CC-BY-4.0 | Creative Commons Attribution 4.0 International
CC-BY-NC-1.0 | Creative Commons Attribution Non Commercial 1.0 Generic
CC-BY-NC-2.0 | Creative Commons Attribution Non Commercial 2.0 Generic
CC-BY-NC-2.5 | Creative Commons Attribution Non Commercial 2.5 Generic
CC-BY-NC-3.0 | Creative Commons Attribution Non Commercial 3.0 Unported
CC-BY-NC-3.0-DE | Creative Commons Attribution Non Commercial 3.0 Germany
CC-BY-NC-3.0-IGO | Creative Commons Attribution Non Commercial 3.0 IGO
CC-BY-NC-4.0 | Creative Commons Attribution Non Commercial 4.0 International
CC-BY-NC-ND-1.0 | Creative Commons Attribution Non Commercial No Derivatives 1.0 Generic
CC-BY-NC-ND-2.0 | Creative Commons Attribution Non Commercial No Derivatives 2.0 Generic
CC-BY-NC-ND-2.5 | Creative Commons Attribution Non Commercial No Derivatives 2.5 Generic
CC-BY-NC-ND-3.0 | Creative Commons Attribution Non Commercial No Derivatives 3.0 Unported
CC-BY-NC-ND-3.0-DE | Creative Commons Attribution Non Commercial No Derivatives 3.0 Germany
CC-BY-NC-ND-3.0-IGO | Creative Commons Attribution Non Commercial No Derivatives 3.0 IGO
CC-BY-NC-ND-4.0 | Creative Commons Attribution Non Commercial No Derivatives 4.0 International
CC-BY-NC-SA-1.0 | Creative Commons Attribution Non Commercial Share Alike 1.0 Generic
CC-BY-NC-SA-2.0 | Creative Commons Attribution Non Commercial Share Alike 2.0 Generic
CC-BY-NC-SA-2.0-DE | Creative Commons Attribution Non Commercial Share Alike 2.0 Germany
CC-BY-NC-SA-2.0-FR | Creative Commons Attribution-NonCommercial-ShareAlike 2.0 France
CC-BY-NC-SA-2.0-UK | Creative Commons Attribution Non Commercial Share Alike 2.0 England and Wales
CC-BY-NC-SA-2.5 | Creative Commons Attribution Non Commercial Share Alike 2.5 Generic
CC-BY-NC-SA-3.0 | Creative Commons Attribution Non Commercial Share Alike 3.0 Unported
CC-BY-NC-SA-3.0-DE | Creative Commons Attribution Non Commercial Share Alike 3.0 Germany
CC-BY-NC-SA-3.0-IGO | Creative Commons Attribution Non Commercial Share Alike 3.0 IGO
CC-BY-NC-SA-4.0 | Creative Commons Attribution Non Commercial Share Alike 4.0 International
CC-BY-ND-1.0 | Creative Commons Attribution No Derivatives 1.0 Generic
CC-BY-ND-2.0 | Creative Commons Attribution No Derivatives 2.0 Generic
CC-BY-ND-2.5 | Creative Commons Attribution No Derivatives 2.5 Generic
CC-BY-ND-3.0 | Creative Commons Attribution No Derivatives 3.0 Unported
CC-BY-ND-3.0-DE | Creative Commons Attribution No Derivatives 3.0 Germany
CC-BY-ND-4.0 | Creative Commons Attribution No Derivatives 4.0 International
CC-BY-SA-1.0 | Creative Commons Attribution Share Alike 1.0 Generic
CC-BY-SA-2.0 | Creative Commons Attribution Share Alike 2.0 Generic
CC-BY-SA-2.0-UK | Creative Commons Attribution Share Alike 2.0 England and Wales
CC-BY-SA-2.1-JP | Creative Commons Attribution Share Alike 2.1 Japan
CC-BY-SA-2.5 | Creative Commons Attribution Share Alike 2.5 Generic
CC-BY-SA-3.0 | Creative Commons Attribution Share Alike 3.0 Unported
CC-BY-SA-3.0-AT | Creative Commons Attribution Share Alike 3.0 Austria
CC-BY-SA-3.0-DE | Creative Commons Attribution Share Alike 3.0 Germany
CC-BY-SA-3.0-IGO | Creative Commons Attribution-ShareAlike 3.0 IGO
CC-BY-SA-4.0 | Creative Commons Attribution Share Alike 4.0 International
CC-PDDC | Creative Commons Public Domain Dedication and Certification
CC-PDM-1.0 | Creative Commons Public Domain Mark 1.0 Universal
CC-SA-1.0 | Creative Commons Share Alike 1.0 Generic
CC0-1.0 | Creative Commons Zero v1.0 Universal
"""
"""`id | full name` of every Creative Commons licence that has an id."""

COMMON = """
MIT | MIT License
MIT-0 | MIT No Attribution
ISC | ISC License
0BSD | BSD Zero Clause License
BSD-1-Clause | BSD 1-Clause License
BSD-2-Clause | BSD 2-Clause "Simplified" License
BSD-3-Clause | BSD 3-Clause "New" or "Revised" License
BSD-3-Clause-Clear | BSD 3-Clause Clear License
BSD-4-Clause | BSD 4-Clause "Original" or "Old" License
Apache-1.0 | Apache License 1.0
Apache-1.1 | Apache License 1.1
Apache-2.0 | Apache License 2.0
GPL-1.0-only | GNU General Public License v1.0 only
GPL-1.0-or-later | GNU General Public License v1.0 or later
GPL-2.0-only | GNU General Public License v2.0 only
GPL-2.0-or-later | GNU General Public License v2.0 or later
GPL-3.0-only | GNU General Public License v3.0 only
GPL-3.0-or-later | GNU General Public License v3.0 or later
LGPL-2.0-only | GNU Library General Public License v2 only
LGPL-2.0-or-later | GNU Library General Public License v2 or later
LGPL-2.1-only | GNU Lesser General Public License v2.1 only
LGPL-2.1-or-later | GNU Lesser General Public License v2.1 or later
LGPL-3.0-only | GNU Lesser General Public License v3.0 only
LGPL-3.0-or-later | GNU Lesser General Public License v3.0 or later
AGPL-1.0-only | Affero General Public License v1.0 only
AGPL-3.0-only | GNU Affero General Public License v3.0 only
AGPL-3.0-or-later | GNU Affero General Public License v3.0 or later
GFDL-1.1-only | GNU Free Documentation License v1.1 only
GFDL-1.2-only | GNU Free Documentation License v1.2 only
GFDL-1.2-or-later | GNU Free Documentation License v1.2 or later
GFDL-1.3-only | GNU Free Documentation License v1.3 only
GFDL-1.3-or-later | GNU Free Documentation License v1.3 or later
MPL-1.0 | Mozilla Public License 1.0
MPL-1.1 | Mozilla Public License 1.1
MPL-2.0 | Mozilla Public License 2.0
EPL-1.0 | Eclipse Public License 1.0
EPL-2.0 | Eclipse Public License 2.0
EUPL-1.0 | European Union Public License 1.0
EUPL-1.1 | European Union Public License 1.1
EUPL-1.2 | European Union Public License 1.2
CECILL-1.0 | CeCILL Free Software License Agreement v1.0
CECILL-2.0 | CeCILL Free Software License Agreement v2.0
CECILL-2.1 | CeCILL Free Software License Agreement v2.1
CECILL-B | CeCILL-B Free Software License Agreement
CECILL-C | CeCILL-C Free Software License Agreement
Artistic-1.0 | Artistic License 1.0
Artistic-2.0 | Artistic License 2.0
AFL-3.0 | Academic Free License v3.0
OSL-3.0 | Open Software License 3.0
ECL-2.0 | Educational Community License v2.0
Zlib | zlib License
Unlicense | The Unlicense
WTFPL | Do What The F*ck You Want To Public License
BSL-1.0 | Boost Software License 1.0
PostgreSQL | PostgreSQL License
PSF-2.0 | Python Software Foundation License 2.0
Python-2.0 | Python License 2.0
Ruby | Ruby License
X11 | X11 License
NCSA | University of Illinois/NCSA Open Source License
CDDL-1.0 | Common Development and Distribution License 1.0
CDDL-1.1 | Common Development and Distribution License 1.1
CPL-1.0 | Common Public License 1.0
IPL-1.0 | IBM Public License v1.0
MS-PL | Microsoft Public License
MS-RL | Microsoft Reciprocal License
LPPL-1.3c | LaTeX Project Public License v1.3c
OFL-1.1 | SIL Open Font License 1.1
NPOSL-3.0 | Non-Profit Open Software License 3.0
NASA-1.3 | NASA Open Source Agreement 1.3
UPL-1.0 | Universal Permissive License v1.0
MulanPSL-2.0 | Mulan Permissive Software License, Version 2
BlueOak-1.0.0 | Blue Oak Model License 1.0.0
CERN-OHL-1.1 | CERN Open Hardware Licence v1.1
CERN-OHL-1.2 | CERN Open Hardware Licence v1.2
CERN-OHL-P-2.0 | CERN Open Hardware Licence Version 2 - Permissive
CERN-OHL-S-2.0 | CERN Open Hardware Licence Version 2 - Strongly Reciprocal
CERN-OHL-W-2.0 | CERN Open Hardware Licence Version 2 - Weakly Reciprocal
ODbL-1.0 | Open Data Commons Open Database License v1.0
ODC-By-1.0 | Open Data Commons Attribution License v1.0
PDDL-1.0 | Open Data Commons Public Domain Dedication & License 1.0
CDLA-Permissive-1.0 | Community Data License Agreement Permissive 1.0
CDLA-Permissive-2.0 | Community Data License Agreement Permissive 2.0
CDLA-Sharing-1.0 | Community Data License Agreement Sharing 1.0
C-UDA-1.0 | Computational Use of Data Agreement v1.0
O-UDA-1.0 | Open Use of Data Agreement v1.0
DL-DE-BY-2.0 | Data licence Germany – attribution – version 2.0
DL-DE-ZERO-2.0 | Data licence Germany – zero – version 2.0
OGL-UK-1.0 | Open Government Licence v1.0
OGL-UK-2.0 | Open Government Licence v2.0
OGL-UK-3.0 | Open Government Licence v3.0
OGL-Canada-2.0 | Open Government Licence - Canada
OGC-1.0 | OGC Software License, Version 1.0
etalab-2.0 | Etalab Open License 2.0
NLOD-1.0 | Norwegian Licence for Open Government Data (NLOD) 1.0
NLOD-2.0 | Norwegian Licence for Open Government Data (NLOD) 2.0
LAL-1.2 | Licence Art Libre 1.2
LAL-1.3 | Licence Art Libre 1.3
"""
"""`id | full name` of the software, hardware and data licences that are common."""

OTHER_IDS = """
    3D-Slicer-1.0 AAL ADSL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AGPL-1.0-or-later ALGLIB-Documentation
    AMD-newlib AMDPLPA AML AML-glslang AMPAS ANTLR-PD ANTLR-PD-fallback APAFML APL-1.0 APSL-1.0
    APSL-1.1 APSL-1.2 APSL-2.0 ASWF-Digital-Assets-1.0 ASWF-Digital-Assets-1.1 Abstyles
    AdaCore-doc Adobe-2006 Adobe-Display-PostScript Adobe-Glyph Adobe-Utopia
    Advanced-Cryptics-Dictionary Afmparse Aladdin App-s2p Arphic-1999 Artistic-1.0-Perl
    Artistic-1.0-cl8 Artistic-dist Aspell-RU BOLA-1.1 BSD-2-Clause-Darwin BSD-2-Clause-Patent
    BSD-2-Clause-Views BSD-2-Clause-first-lines BSD-2-Clause-pkgconf-disclaimer
    BSD-2-Clause-pos-unchanged BSD-3-Clause-Attribution BSD-3-Clause-HP BSD-3-Clause-LBNL
    BSD-3-Clause-Modification BSD-3-Clause-No-Military-License BSD-3-Clause-No-Nuclear-License
    BSD-3-Clause-No-Nuclear-License-2014 BSD-3-Clause-No-Nuclear-Warranty BSD-3-Clause-Open-MPI
    BSD-3-Clause-OpenWebUI BSD-3-Clause-Sun BSD-3-Clause-Tso BSD-3-Clause-acpica BSD-3-Clause-flex
    BSD-4-Clause-Shortened BSD-4-Clause-UC BSD-4.3RENO BSD-4.3TAHOE
    BSD-Advertising-Acknowledgement BSD-Attribution-HPND-disclaimer BSD-Inferno-Nettverk
    BSD-Mark-Modifications BSD-Protection BSD-Source-Code BSD-Source-Code-no-disclaimer
    BSD-Source-alt-GPL BSD-Source-beginning-file BSD-Systemics BSD-Systemics-W3Works
    BSD-ask-to-endorse BUSL-1.1 Baekmuk Bahyph Barr Beerware BitTorrent-1.0 BitTorrent-1.1
    Bitstream-Charter Bitstream-Vera Boehm-GC Boehm-GC-without-fee Borceux Brian-Gladman-2-Clause
    Brian-Gladman-3-Clause Brian-Gladman-3-Clause-no-conversion Buddy Bugroff CAL-1.0
    CAL-1.0-Combined-Work-Exception CAPEC-tou CATOSL-1.1 CDL-1.0 CECILL-1.1 CFITSIO CMU-Mach
    CMU-Mach-nodoc CNRI-Jython CNRI-Python CNRI-Python-GPL-Compatible COIL-1.0 CPAL-1.0 CPOL-1.02
    CUA-OPL-1.0 Caldera Caldera-no-preamble Catharon ClArtistic Clips Community-Spec-1.0
    Condor-1.1 Cornell-Lossless-JPEG Cronyx Crossword CryptoSwift CrystalStacker Cube D-FSL-1.0
    DEC-3-Clause DOC DRL-1.0 DRL-1.1 DSDP DocBook-DTD DocBook-Schema DocBook-Stylesheet
    DocBook-XML Dotseqn ECL-1.0 EFL-1.0 EFL-2.0 EPICS ESA-PL-permissive-2.4
    ESA-PL-strong-copyleft-2.4 ESA-PL-weak-copyleft-2.4 EUDatagrid Elastic-2.0 Entessa ErlPL-1.1
    Eurosym FBM FDK-AAC FDK-MPEG-H FSFAP FSFAP-no-warranty-disclaimer FSFUL FSFULLR FSFULLRSD
    FSFULLRWD FSL-1.1-ALv2 FSL-1.1-MIT FTL Fair Ferguson-Twofish Frameworx-1.0 FreeBSD-DOC
    FreeImage Furuseth GCR-docs GD GFDL-1.1-invariants-only GFDL-1.1-invariants-or-later
    GFDL-1.1-no-invariants-only GFDL-1.1-no-invariants-or-later GFDL-1.1-or-later
    GFDL-1.2-invariants-only GFDL-1.2-invariants-or-later GFDL-1.2-no-invariants-only
    GFDL-1.2-no-invariants-or-later GFDL-1.3-invariants-only GFDL-1.3-invariants-or-later
    GFDL-1.3-no-invariants-only GFDL-1.3-no-invariants-or-later GL2PS GLWTPL Game-Programming-Gems
    Giftware Glide Glulxe Graphics-Gems Gutmann HDF5 HIDAPI HP-1986 HP-1989 HPND HPND-DEC
    HPND-Fenneberg-Livingston HPND-INRIA-IMAG HPND-Intel HPND-Kevlin-Henney HPND-MIT-disclaimer
    HPND-Markus-Kuhn HPND-Netrek HPND-Pbmplus HPND-SMC HPND-UC HPND-UC-export-US HPND-doc
    HPND-doc-sell HPND-export-US HPND-export-US-acknowledgement HPND-export-US-modify
    HPND-export2-US HPND-merchantability-variant HPND-sell-MIT-disclaimer-xserver
    HPND-sell-regexpr HPND-sell-variant HPND-sell-variant-MIT-disclaimer
    HPND-sell-variant-MIT-disclaimer-rev HPND-sell-variant-critical-systems HTMLTIDY HaskellReport
    Hippocratic-2.1 Hippocratic-3.0-core IBM-pibs ICU IEC-Code-Components-EULA IJG IJG-short IPA
    ISC-Veillard ISO-permission ImageMagick Imlib2 Info-ZIP Informatica Inner-Net-2.0 InnoSetup
    Intel Intel-ACPI Interbase-1.0 JPL-image JPNIC JSON Jam JasPer-2.0 Kastrup Kazlib Knuth-CTAN
    LGPLLR LOOP LPD-document LPL-1.0 LPL-1.02 LPPL-1.0 LPPL-1.1 LPPL-1.2 LPPL-1.3a
    LZMA-SDK-9.11-to-9.20 LZMA-SDK-9.22 Latex2e Latex2e-translated-notice Leptonica LiLiQ-P-1.1
    LiLiQ-R-1.1 LiLiQ-Rplus-1.1 Libpng Linux-OpenIB Linux-man-pages-1-para
    Linux-man-pages-copyleft Linux-man-pages-copyleft-2-para Linux-man-pages-copyleft-var
    Lucida-Bitmap-Fonts MIPS MIT-CMU MIT-Click MIT-Festival MIT-Khronos-old MIT-Modern-Variant
    MIT-STK MIT-Wu MIT-advertising MIT-enna MIT-feh MIT-open-group MIT-testregex MITNFA MMIXware
    MMPL-1.0.1 MPEG-SSG MPL-2.0-no-copyleft-exception MS-LPL MTLL MVT-1.1 Mackerras-3-Clause
    Mackerras-3-Clause-acknowledgment MakeIndex Martin-Birgmeier McPhee-slideshow Minpack MirOS
    Motosoto MulanPSL-1.0 Multics Mup NAIST-2003 NBPL-1.0 NCBI-PD NCGL-UK-2.0 NCL NGPL NICTA-1.0
    NIST-PD NIST-PD-TNT NIST-PD-fallback NIST-Software NLPL NOSL NPL-1.0 NPL-1.1 NRL NTIA-PD NTP
    NTP-0 Naumen NetCDF Newsletr Nokia Noweb OAR OCCT-PL OCLC-2.0 OFFIS OFL-1.0 OFL-1.0-RFN
    OFL-1.0-no-RFN OFL-1.1-RFN OFL-1.1-no-RFN OGDL-Taiwan-1.0 OGTSL OLDAP-1.1 OLDAP-1.2 OLDAP-1.3
    OLDAP-1.4 OLDAP-2.0 OLDAP-2.0.1 OLDAP-2.1 OLDAP-2.2 OLDAP-2.2.1 OLDAP-2.2.2 OLDAP-2.3
    OLDAP-2.4 OLDAP-2.5 OLDAP-2.6 OLDAP-2.7 OLDAP-2.8 OLFL-1.3 OML OPL-1.0 OPL-UK-3.0 OPUBL-1.0
    OSC-1.0 OSET-PL-2.1 OSL-1.0 OSL-1.1 OSL-2.0 OSL-2.1 OSSP OpenMDW-1.0 OpenPBS-2.3 OpenSSL
    OpenSSL-standalone OpenVision PADL PHP-3.0 PHP-3.01 PPL ParaType-Free-Font-1.3 Parity-6.0.0
    Parity-7.0.0 Pixar Plexus PolyForm-Noncommercial-1.0.0 PolyForm-Small-Business-1.0.0
    Python-2.0.1 QPL-1.0 QPL-1.0-INRIA-2004 Qhull RHeCos-1.1 RPL-1.1 RPL-1.5 RPSL-1.0 RSA-MD RSCPL
    Rdisc Ruby-pty SAX-PD SAX-PD-2.0 SCEA SGI-B-1.0 SGI-B-1.1 SGI-B-2.0 SGI-OpenGL SGMLUG-PM SGP4
    SHL-0.5 SHL-0.51 SISSL SISSL-1.2 SL SMAIL-GPL SMLNJ SMPPL SNIA SOFA SPL-1.0 SSH-OpenSSH
    SSH-short SSLeay-standalone SSPL-1.0 SUL-1.0 SWL Saxpath SchemeReport Sendmail Sendmail-8.23
    Sendmail-Open-Source-1.1 SimPL-2.0 Sleepycat Soundex Spencer-86 Spencer-94 Spencer-99
    SugarCRM-1.1.3 Sun-PPP Sun-PPP-2000 SunPro Symlinks TAPR-OHL-1.0 TCL TCP-wrappers TGPPL-1.0
    TMate TORQUE-1.1 TPDL TPL-1.0 TTWL TTYP0 TU-Berlin-1.0 TU-Berlin-2.0 TekHVC TermReadKey
    ThirdEye TrustedQSL UCAR UCL-1.0 UMich-Merit URT-RLE Ubuntu-font-1.0 UnRAR Unicode-3.0
    Unicode-DFS-2015 Unicode-DFS-2016 Unicode-TOU UnixCrypt Unlicense-libtelnet
    Unlicense-libwhirlpool VOSTROM VSL-1.0 Vim Vixie-Cron W3C W3C-19980720 W3C-20150513 WTFNMFPL
    Watcom-1.0 Widget-Workshop WordNet Wsuipa X11-distribute-modifications-variant
    X11-no-permit-persons X11-swapped XFree86-1.1 XSkat Xdebug-1.03 Xerox Xfig Xnet YPL-1.0
    YPL-1.1 ZPL-1.1 ZPL-2.0 ZPL-2.1 Zed Zeeff Zend-2.0 Zimbra-1.3 Zimbra-1.4 any-OSI
    any-OSI-perl-modules atc-game bcrypt-Solar-Designer blessing bzip2-1.0.6 check-cvs checkmk
    copyleft-next-0.3.0 copyleft-next-0.3.1 curl cve-tou diffmark dtoa dvipdfm eGenix fwlw
    gSOAP-1.3b generic-xts gnuplot gtkbook hdparm hyphen-bulgarian iMatix jove libpng-1.6.35
    libpng-2.0 libselinux-1.0 libtiff libutil-David-Nugent lsof magaz mailprio man2html metamail
    mpi-permissive mpich2 mplus ngrep pkgconf pnmstitch psfrag psutils python-ldap radvd snprintf
    softSurfer ssh-keyscan swrule threeparttable ulem w3m wwl xinetd xkeyboard-config-Zinoviev
    xlock xpp xzoom zlib-acknowledgement TOSL
"""
"""All further ids, without names."""

OLD_IDS = """
    AGPL-1.0 AGPL-1.0-only; AGPL-3.0 AGPL-3.0-only; GFDL-1.1 GFDL-1.1-only;
    GFDL-1.2 GFDL-1.2-only; GFDL-1.3 GFDL-1.3-only; GPL-1.0 GPL-1.0-only;
    GPL-1.0+ GPL-1.0-or-later; GPL-2.0 GPL-2.0-only; GPL-2.0+ GPL-2.0-or-later;
    GPL-3.0 GPL-3.0-only; GPL-3.0+ GPL-3.0-or-later; LGPL-2.0 LGPL-2.0-only;
    LGPL-2.0+ LGPL-2.0-or-later; LGPL-2.1 LGPL-2.1-only; LGPL-2.1+ LGPL-2.1-or-later;
    LGPL-3.0 LGPL-3.0-only; LGPL-3.0+ LGPL-3.0-or-later;
    BSD-2-Clause-FreeBSD BSD-2-Clause; BSD-2-Clause-NetBSD BSD-2-Clause"""
"""Ids that SPDX gave up, each with the one that took its place."""

ALIASES = """
    Apache-2.0: Apache License, Version 2.0; Apache Software License 2.0; ASL 2.0; Apache 2
    AGPL-3.0-only: GNU Affero General Public License v3; GNU AGPL v3; GNU AGPL; AGPLv3
    AGPL-3.0-or-later: GNU AGPL v3 or later
    Artistic-2.0: Perl Artistic License 2.0
    BSD-2-Clause: 2-Clause BSD; Simplified BSD; BSD 2-Clause; FreeBSD
    BSD-3-Clause: 3-Clause BSD; New BSD; Modified BSD; Revised BSD; BSD 3-Clause; BSD New;
        BSD 3-Clause "New" or "Revised"; BSD-3
    BSD-4-Clause: Original BSD; 4-Clause BSD
    CECILL-2.1: CeCILL 2.1
    CERN-OHL-P-2.0: CERN-OHL-P v2
    CERN-OHL-S-2.0: CERN-OHL-S v2
    CERN-OHL-W-2.0: CERN-OHL-W v2
    DL-DE-BY-2.0: DL-DE-BY; dl-de/by-2-0; Datenlizenz Deutschland Namensnennung 2.0;
        Datenlizenz Deutschland – Namensnennung – Version 2.0; Data licence Germany attribution 2.0
    DL-DE-ZERO-2.0: DL-DE-ZERO; dl-de/zero-2-0; Datenlizenz Deutschland Zero 2.0;
        Datenlizenz Deutschland – Zero – Version 2.0
    EUPL-1.1: European Union Public Licence v1.1
    EUPL-1.2: European Union Public Licence v1.2
    GFDL-1.2-only: GNU FDL 1.2; GNU Free Documentation License 1.2
    GFDL-1.3-only: GNU FDL 1.3; GNU Free Documentation License 1.3
    GPL-2.0-only: GNU General Public License v2.0; GNU GPL v2; GNU General Public License (GPL) v2
    GPL-2.0-or-later: GNU GPL v2 or later; GNU GPL v2+; GPL v2 or later
    GPL-3.0-only: GNU General Public License v3.0; GNU GPL v3; GNU General Public License (GPL) v3
    GPL-3.0-or-later: GNU GPL v3 or later; GNU GPL v3+; GPL v3 or later
    LAL-1.3: Free Art License 1.3; Art Libre 1.3
    LGPL-2.1-only: GNU Lesser General Public License v2.1; GNU LGPL v2.1
    LGPL-3.0-only: GNU Lesser General Public License v3.0; GNU LGPL v3
    LGPL-3.0-or-later: GNU LGPL v3 or later; GNU LGPL v3+
    MIT: Expat; MIT Expat
    MPL-2.0: Mozilla Public License Version 2.0
    ODC-By-1.0: ODC-By; ODC-BY v1; Open Data Commons Attribution; Open Data Commons Attribution
        (ODC-By) v1.0
    ODbL-1.0: ODbL; Open Database License; ODC-ODbL; ODC-ODbL-1.0; Open Data Commons Open Database;
        Open Database License (ODbL) v1.0; Open Data Commons Open Database License (ODbL) v1.0
    OGL-UK-1.0: UK Open Government Licence v1.0
    OGL-UK-2.0: UK Open Government Licence v2.0; OGL v2.0
    OGL-UK-3.0: UK Open Government Licence v3.0; OGL v3.0; Open Government Licence (OGL) v3.0
    PDDL-1.0: PDDL; ODC-PDDL; ODC-PDDL-1.0; Open Data Commons Public Domain Dedication and License;
        Open Data Commons Public Domain Dedication and License (PDDL) v1.0; ODC Public Domain
        Dedication and Licence
    Python-2.0: PSF 2
    etalab-2.0: etalab; Licence Ouverte 2.0; Licence Ouverte / Open Licence 2.0; Open Licence 2.0;
        Licence Ouverte / Open Licence version 2.0 (Etalab)"""
"""Further names; they are compared like the full names, blind to case, dots and "License"."""

ADDRESSES = """
    opensource.org/licenses/mit: MIT
    opensource.org/licenses/mit-license: MIT
    opensource.org/license/mit: MIT
    opensource.org/licenses/bsd-2-clause: BSD-2-Clause
    opensource.org/licenses/bsd-3-clause: BSD-3-Clause
    opensource.org/licenses/apache-2.0: Apache-2.0
    opensource.org/licenses/gpl-2.0: GPL-2.0-only
    opensource.org/licenses/gpl-3.0: GPL-3.0-only
    opensource.org/licenses/lgpl-2.1: LGPL-2.1-only
    opensource.org/licenses/lgpl-3.0: LGPL-3.0-only
    opensource.org/licenses/agpl-3.0: AGPL-3.0-only
    opensource.org/licenses/mpl-2.0: MPL-2.0
    opensource.org/licenses/isc: ISC
    apache.org/licenses/license-2.0: Apache-2.0
    gnu.org/licenses/gpl-3.0: GPL-3.0-only
    gnu.org/licenses/gpl-2.0: GPL-2.0-only
    gnu.org/licenses/old-licenses/gpl-2.0: GPL-2.0-only
    gnu.org/licenses/lgpl-3.0: LGPL-3.0-only
    gnu.org/licenses/lgpl-2.1: LGPL-2.1-only
    gnu.org/licenses/old-licenses/lgpl-2.1: LGPL-2.1-only
    gnu.org/licenses/agpl-3.0: AGPL-3.0-only
    gnu.org/licenses/fdl-1.3: GFDL-1.3-only
    mozilla.org/mpl/2.0: MPL-2.0
    mozilla.org/en-us/mpl/2.0: MPL-2.0
    opendatacommons.org/licenses/odbl: ODbL-1.0
    opendatacommons.org/licenses/odbl/1.0: ODbL-1.0
    opendatacommons.org/licenses/odbl/1-0: ODbL-1.0
    opendatacommons.org/licenses/by: ODC-By-1.0
    opendatacommons.org/licenses/by/1.0: ODC-By-1.0
    opendatacommons.org/licenses/by/1-0: ODC-By-1.0
    opendatacommons.org/licenses/pddl: PDDL-1.0
    opendatacommons.org/licenses/pddl/1.0: PDDL-1.0
    opendatacommons.org/licenses/pddl/1-0: PDDL-1.0
    govdata.de/dl-de/by-2-0: DL-DE-BY-2.0
    govdata.de/dl-de/zero-2-0: DL-DE-ZERO-2.0
    nationalarchives.gov.uk/doc/open-government-licence/version/1: OGL-UK-1.0
    nationalarchives.gov.uk/doc/open-government-licence/version/2: OGL-UK-2.0
    nationalarchives.gov.uk/doc/open-government-licence/version/3: OGL-UK-3.0
    data.norge.no/nlod/en/1.0: NLOD-1.0
    data.norge.no/nlod/en/2.0: NLOD-2.0
    etalab.gouv.fr/licence-ouverte-open-licence: etalab-2.0
    unlicense.org: Unlicense
    artlibre.org/licence/lal: LAL-1.3"""
"""Where licences stand on the web: host without `www.` and path, lower-case, without ending."""

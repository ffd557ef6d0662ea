"""签发签名 and 电子印章 as parts of acts: what an act still lacks, and the papers it leaves.

``needs`` is asked by the service tasks; ``approvals`` plays the act again for the signer, which
trusts nobody; ``pages`` sets what is signed; ``filling`` enters the number, ``ending`` what no
longer counts.
"""

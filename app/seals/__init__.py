"""印章、证书与签名: who may sign and seal, with which key, and whether a paper proves it."""

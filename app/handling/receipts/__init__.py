"""核查接收情况: after dispatch somebody asks every recipient whether it has arrived.

It stands beside the route: no stay, no token, and the document stays as it was sent (DDL-08,
DDL-09). Delivery between units is something else; here it is written down what was asked.
"""

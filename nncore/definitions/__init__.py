"""The choices a network is made from, each with its formula"""

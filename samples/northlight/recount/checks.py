def computed(db, said): return []
def compared(a,b): return set(),[]

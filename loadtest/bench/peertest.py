import sys,time
from pathlib import Path
from hemline_bench.children import *
from hemline_bench import closed
from hemline_bench.suites.serving import peers, questions
with Children() as c:
    asked=questions.write(c.folder,[("a","b")])
    for p in peers.ALL:
        if p.name not in sys.argv[1:]: continue
        for s in p.candidates:
            try:
                d=p.start(c,s,Path("/tmp/none.json"))
                own=asked.in_form(p.form,p.folder)
                for h in (0,0.85):
                    for sec in (2,3): f=closed.ask(c,d.child,d.base,p.work(own,h),sec,int(time.time()))
                    print(p.name,h,peers.spelled(s),f,flush=True)
                print(d.child.log.read_text()[-600:])
                c.stop(d.child)
            except Exception as e: print(p.name,s,str(e)[:1500],flush=True)

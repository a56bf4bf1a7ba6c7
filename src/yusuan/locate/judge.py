from yusuan.locate.model import *
def judge(quantities, relations, *, seconds=5.0, most=5):
    q={x.key:x for x in quantities}
    r=[];c=[]
    for x in relations:
        t=sum(f*q[k].value for k,f in x.terms.items()); s=sum(abs(f)*q[k].half_step for k,f in x.terms.items())
        if x.low<=t<=x.high: continue
        if t+s>=x.low and t-s<=x.high: r.append(x.key)
        else: c.append(Cause((x.key,),(),"tied"))
    return Judgement(tuple(r),tuple(c))

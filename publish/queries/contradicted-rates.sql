select d.name as department, r.fiscal_year as year, c.subject_label as about, f.printed,
       f.proposed, f.page, f.line
from findings f
join claims c using (claim)
join documents r on r.document = f.document
join departments d on d.department = r.department
where f.rule = 'growth-rate' and f.verdict = 'error' and f.document not in (select document from revisions)
order by department, year, f.page, f.line

with place(department, concept) as (        -- each department's division, and those above it
  select department, division_concept from departments
  union
  select d.department, l.object from departments d
  join links l on l.kind = 'within' and l.subject = d.division_concept
)
select a.name as province, s.fiscal_year as year, s.phase,
       count(distinct s.department) as departments, printf('%.2f', sum(s.amount_fen) / 100.0) as total_yuan
from spending s
join place p using (department)
join administrative_division a on a.concept = p.concept and a.level = 1
group by a.name, s.fiscal_year, s.phase
order by province, year, s.phase

// Made from the contracts by `make page`; not edited by hand.
import type * as abatement from './abatement'
import type * as batch from './batch'
import type * as budget from './budget'
import type * as buildings from './buildings'
import type * as cities from './cities'
import type * as common from './common'
import type * as comparison from './comparison'
import type * as cost from './cost'
import type * as factors from './factors'
import type * as industry from './industry'
import type * as power from './power'
import type * as projection from './projection'
import type * as report from './report'
import type * as scenarios from './scenarios'
import type * as solve from './solve'
import type * as targets from './targets'
import type * as trace from './trace'
import type * as transport from './transport'
import type * as warning from './warning'

export type { abatement, batch, budget, buildings, cities, common, comparison, cost, factors, industry, power, projection, report, scenarios, solve, targets, trace, transport, warning }
export type Methods = abatement.Methods & batch.Methods & budget.Methods & buildings.Methods & cities.Methods & common.Methods & comparison.Methods & cost.Methods & factors.Methods & industry.Methods & power.Methods & projection.Methods & report.Methods & scenarios.Methods & solve.Methods & targets.Methods & trace.Methods & transport.Methods & warning.Methods

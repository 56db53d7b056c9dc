// What only this view draws with.
import { CustomChart, SankeyChart } from 'echarts/charts'
import { use } from '../../charts/echarts'

use([CustomChart, SankeyChart])

export const words = {
  zh: {
    button: '导出', title: '导出', what: '导出当前情景的全部结果。', excel: 'Excel 工作簿', excelWhat: '发布状态、总览、修改清单、部门与电力、尖峰、指标、目标、城市、来源，各一张表。',
    csv: 'CSV 数据表', csvWhat: '全部指标逐年数值，完整精度，接口单位。', report: '报告（PDF 或图片）', reportWhat: '总览、修改清单、图、目标表，排成可打印的一份；在打印对话框中选“另存为 PDF”。',
    get: '下载', making: '正在生成…', openReport: '打开报告', marked: '每个文件都带发布状态与版本。', metric: '指标', name: '名称', unit: '单位',
  },
  en: {
    button: 'Export', title: 'Export', what: 'Exports everything of this scenario.', excel: 'Excel workbook', excelWhat: 'Release status, headline, changes, sectors and power, peaks, metrics, targets, cities, sources: a sheet each.',
    csv: 'CSV table', csvWhat: 'Every metric by year, full precision, units of the contract.', report: 'Report (PDF or picture)', reportWhat: 'Headline, changes, charts and targets set for print; choose “Save as PDF” in the print dialogue.',
    get: 'Download', making: 'Being made…', openReport: 'Open the report', marked: 'Every file carries release status and version.', metric: 'Metric', name: 'Name', unit: 'Unit',
  },
}

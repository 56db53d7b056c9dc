export const words = {
  zh: {
    button: '情景', title: '情景', keep: '保存当前情景', changed: '当前情景在基准上修改了 {n} 项。', unchanged: '当前情景与打开时相同。', name: '名称',
    save: '保存', saved: '已保存“{name}”。', toOpened: '还原到打开时', noStore: '本服务未配置存储，不能保存；可下载为文件。', baselines: '基准情景', kept: '已保存的情景',
    none: '尚未保存任何情景。', open: '打开', compare: '作为对比', delete: '删除', reallyDelete: '再按一次删除', file: '文件', download: '下载为文件', upload: '打开文件',
    badFile: '{name} 不是情景文件。',
    versions: '此情景保存于模型 {model0}、数据 {data0}；现以模型 {model1}、数据 {data1} 计算，结果可能不同。',
  },
  en: {
    button: 'Scenarios', title: 'Scenarios', keep: 'Keep this scenario', changed: '{n} levers of the baseline are changed.', unchanged: 'As it was opened.', name: 'Name',
    save: 'Save', saved: 'Saved “{name}”.', toOpened: 'Back to as opened', noStore: 'This service keeps nothing: no store is set. A file can be downloaded.', baselines: 'Baselines', kept: 'Kept scenarios',
    none: 'No scenario is kept yet.', open: 'Open', compare: 'Compare with', delete: 'Delete', reallyDelete: 'Press again to delete', file: 'File', download: 'Download as a file', upload: 'Open a file',
    badFile: '{name} is not a scenario file.',
    versions: 'Saved with model {model0}, data {data0}; calculated now with model {model1}, data {data1}: results may differ.',
  },
}

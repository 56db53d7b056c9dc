export const words = {
  zh: {
    print: '打印或存为 PDF', picture: '存为图片', close: '返回', changes: '较{name}的修改', noChanges: '未作修改。', lever: '政策抓手', was: '（原 {value}）',
  },
  en: {
    print: 'Print or save as PDF', picture: 'Save as a picture', close: 'Back', changes: 'Changes to {name}', noChanges: 'Nothing is changed.', lever: 'Lever', was: ' (was {value})',
  },
}

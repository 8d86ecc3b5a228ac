; The installer for Windows, for one person, without administrator's rights.
; packaging/build-windows calls it:  makensis -DVERSION=1.2.3 packaging/windows.nsi
Unicode true
!define ID "org.magpie.chat"
Name "Magpie"
OutFile "..\build\dist\Magpie-${VERSION}-setup.exe"
InstallDir "$LOCALAPPDATA\Programs\Magpie"
RequestExecutionLevel user
SetCompressor /SOLID lzma

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Section "Magpie"
  SetOutPath "$INSTDIR"
  File "..\build\dist\magpie.exe"
  File "..\build\dist\magpied.exe"
  File "..\LICENSE"
  CreateShortcut "$SMPROGRAMS\Magpie.lnk" "$INSTDIR\magpie.exe"
  ; Links magpie://… lead here.
  WriteRegStr HKCU "Software\Classes\magpie" "" "URL:Magpie"
  WriteRegStr HKCU "Software\Classes\magpie" "URL Protocol" ""
  WriteRegStr HKCU "Software\Classes\magpie\DefaultIcon" "" "$\"$INSTDIR\magpie.exe$\",0"
  WriteRegStr HKCU "Software\Classes\magpie\shell\open\command" "" "$\"$INSTDIR\magpie.exe$\" $\"%1$\""
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}" "DisplayName" "Magpie"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}" "UninstallString" "$\"$INSTDIR\uninstall.exe$\""
SectionEnd

; What a person wrote and received stays.
Section "Uninstall"
  Delete "$SMPROGRAMS\Magpie.lnk"
  Delete "$INSTDIR\magpie.exe"
  Delete "$INSTDIR\magpied.exe"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "Software\Classes\magpie"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
SectionEnd
